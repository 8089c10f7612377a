/* SPDX-License-Identifier: Apache-2.0 */
/* The list of vendors: the only place that names them all. */
#include "emulator/emulator.h"

extern const struct emu_service emu_jdcloud;

const struct emu_service *const emu_services[] = {
    &emu_jdcloud,
    NULL,
};
