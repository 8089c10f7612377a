/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a batch inside a libuv event loop: a poll handle watches its descriptor, a timer its
 * timeout. Lists the instances of the only cloud of clouds.yaml page by page, while the loop can
 * serve other events of the application.
 *
 *   cc uv.c $(pkg-config --cflags --libs cloud_client libuv)
 */
#include <stdio.h>
#include <uv.h>

#include <cloud_batch.h>

struct joined {
    struct cloud_batch *batch;
    uv_poll_t poll;
    uv_timer_t timer;
};

static void run_batch(struct joined *joined);

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    run_batch(poll->data);
}

static void on_time(uv_timer_t *timer)
{
    run_batch(timer->data);
}

static void run_batch(struct joined *joined)
{
    int wait_ms;

    cloud_batch_run(joined->batch, 0);
    uv_timer_stop(&joined->timer);
    if (!cloud_batch_left(joined->batch)) {
        uv_poll_stop(&joined->poll);
        return;
    }
    wait_ms = cloud_batch_timeout_ms(joined->batch);
    if (wait_ms >= 0)
        uv_timer_start(&joined->timer, on_time, (uint64_t)wait_ms, 0);
}

static void on_part(struct cloud_batch *batch, struct cloud_batch_done *done, void *user_data)
{
    (void)batch, (void)user_data;
    if (done->code)
        printf("%s\n", done->error.message);
    for (size_t i = 0; i < done->result.instance_count; i++)
        printf("%s\n", done->result.instances[i].id);
}

int main(void)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct joined joined = { 0 };
    struct cloud_config *config;
    struct cloud_error err;

    options.done = on_part;
    if (cloud_config_load(NULL, &config, &err) ||
        cloud_config_client(config, NULL, &call.client, &err) ||
        cloud_batch_new(&options, &joined.batch, &err))
        return printf("%s\n", err.message), 1;
    call.op = CLOUD_OP_DESCRIBE_INSTANCES;
    call.stream = true;
    if (cloud_batch_add_call(joined.batch, &call, NULL, &err))
        return printf("%s\n", err.message), 1;

    uv_poll_init(uv_default_loop(), &joined.poll, cloud_batch_fd(joined.batch));
    uv_timer_init(uv_default_loop(), &joined.timer);
    joined.poll.data = joined.timer.data = &joined;
    uv_poll_start(&joined.poll, UV_READABLE, on_readable);
    run_batch(&joined);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);

    cloud_batch_free(joined.batch);
    cloud_client_free(call.client);
    cloud_config_free(config);
    return 0;
}
