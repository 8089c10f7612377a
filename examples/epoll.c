/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a batch inside the event loop of an application (epoll): the loop waits on the descriptor of
 * the batch, at most until its timeout. Lists the instances of all clouds of clouds.yaml at the
 * same time, while the loop can serve other events.
 *
 *   cc epoll.c $(pkg-config --cflags --libs cloud_client)
 */
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cloud_batch.h>

/* Receives each result. Only cloud_batch_run() calls it, on this thread. */
static void on_part(struct cloud_batch *batch, struct cloud_batch_done *done, void *user_data)
{
    (void)batch, (void)user_data;
    if (done->code)
        printf("%s: %s\n", (const char *)done->user_data, done->error.message);
    for (size_t i = 0; i < done->result.instance_count; i++) {
        const struct cloud_instance *instance = &done->result.instances[i];

        printf("%s %s %s\n", (const char *)done->user_data, instance->id,
               cloud_instance_state_name(instance->state));
    }
    if (!done->code)
        printf("%s: %zu instances\n", (const char *)done->user_data, done->result.instance_count);
}

static void watch(int epoll, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int main(void)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    const struct cloud_config_cloud *cloud;
    struct cloud_client *clients[64];
    struct cloud_config *config;
    struct cloud_batch *batch;
    struct cloud_error err;
    struct epoll_event events[8];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    size_t count = 0;

    options.done = on_part;
    if (cloud_config_load(NULL, &config, &err) || cloud_batch_new(&options, &batch, &err))
        return printf("%s\n", err.message), 1;
    for (size_t n = 0; (cloud = cloud_config_cloud(config, n)) && count < 64; n++) {
        struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;

        if (cloud_config_client(config, cloud->name, &clients[count], &err))
            return printf("%s\n", err.message), 1;
        call.client = clients[count++];
        call.op = CLOUD_OP_DESCRIBE_INSTANCES;
        call.user_data = (void *)cloud->name;
        if (cloud_batch_add_call(batch, &call, NULL, &err))
            return printf("%s\n", err.message), 1;
    }

    watch(epoll, cloud_batch_fd(batch));
    while (cloud_batch_left(batch)) {
        /* the application adds its own descriptors to this epoll set, and shortens the timeout for
         * its own timers */
        epoll_wait(epoll, events, 8, cloud_batch_timeout_ms(batch));
        cloud_batch_run(batch, 0);
    }

    cloud_batch_free(batch);
    while (count > 0)
        cloud_client_free(clients[--count]);
    cloud_config_free(config);
    close(epoll);
    return 0;
}
