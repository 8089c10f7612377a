/* SPDX-License-Identifier: Apache-2.0 */
/* The list of vendors. No other file of the engine names them. */
#include "emulator/engine/emulator.h"

extern const struct emu_service emu_jdcloud;
extern const struct emu_service emu_capitalonline_ecs;
extern const struct emu_service emu_capitalonline_ccs;

const struct emu_service *const emu_services[] = {
    &emu_jdcloud,
    &emu_capitalonline_ecs,
    &emu_capitalonline_ccs,
    NULL,
};
