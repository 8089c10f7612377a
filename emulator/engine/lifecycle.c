/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and closes an emulator; starts and stops its HTTP server. */
#include "emulator/engine/emulator.h"

#include <stdio.h>
#include <stdlib.h>

int cloud_emulator_open(const char *path, struct cloud_emulator **ret, char *message,
                        size_t message_size)
{
    struct cloud_emulator *emulator = ret ? calloc(1, sizeof(*emulator)) : NULL;

    if (!emulator) {
        if (message)
            snprintf(message, message_size, "%s",
                     ret ? "out of memory" : "ret is NULL; it is required");
        return -1;
    }
    if (!emu_world_open(&emulator->world, path ? path : ":memory:", message, message_size)) {
        free(emulator);
        return -1;
    }
    pthread_mutex_init(&emulator->lock, NULL);
    *ret = emulator;
    return 0;
}

void cloud_emulator_close(struct cloud_emulator *emulator)
{
    if (!emulator)
        return;
    cloud_emulator_stop(emulator);
    emu_world_close(&emulator->world);
    pthread_mutex_destroy(&emulator->lock);
    free(emulator);
}

int cloud_emulator_listen(struct cloud_emulator *emulator, const char *address, int *ret_port,
                          char *message, size_t message_size)
{
    if (!emulator || !address || emulator->server) {
        if (message)
            snprintf(message, message_size, "%s",
                     emulator && address ? "it is listening already"
                                         : "emulator or address is NULL; both are required");
        return -1;
    }
    emulator->server = emu_server_start(emulator, address, ret_port, message, message_size);
    return emulator->server ? 0 : -1;
}

void cloud_emulator_stop(struct cloud_emulator *emulator)
{
    if (!emulator)
        return;
    emu_server_stop(emulator->server);
    emulator->server = NULL;
}
