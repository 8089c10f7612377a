/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a renewal at JD Cloud: paid and delivered at once, or later, or not at all.
 *
 * "If payment fails the order is cancelled" (renewal v2): the answer has the order's number,
 * because it has no other member that could report the failure. Our convention: a renewal that the
 * balance does not cover from the start is refused with 400 and leaves no order.
 *
 * The world's switch jd_order_status decides about the order of a renewal:
 * - PAID, as without the switch;
 * - CANCELED, FAILED or NO_PAY: nothing is charged or renewed;
 * - DEALING: when the transition "pay" ends, the order is paid and the objects are renewed. The
 * order becomes CANCELED when the transition fails or the balance does not cover it.
 */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

static struct emu_object *resource_of(struct emu_world *world, yyjson_mut_val *line)
{
    const char *service = emu_get_text(line, "service");

    return emu_jd_find(world,
                       strcmp(service, "vm") == 0     ? "instance"
                       : strcmp(service, "disk") == 0 ? "disk"
                                                      : "eip",
                       emu_get_str(line, "id"));
}

/* The order is paid: extends the term of every object of it that still exists. */
static void deliver(struct emu_world *world, struct emu_object *order)
{
    yyjson_mut_val *line;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(order->body, "lines"), i, count, line)
    {
        struct emu_object *object = resource_of(world, line);

        if (!object)
            continue;
        emu_set_int(world, line, "expire_before", emu_get_int(object->body, "_expire", 0));
        emu_jd_charge_renew(world, object, emu_get_bool(order->body, "year", false),
                            emu_get_int(order->body, "span", 1));
        emu_set_int(world, line, "expire_after", emu_get_int(object->body, "_expire", 0));
    }
    emu_object_save(world, order);
}

static bool can_pay(struct emu_world *world, const struct emu_object *order)
{
    size_t count;
    struct emu_jd_line *lines = emu_jd_order_lines(world, order, &count);

    return emu_jd_affordable(world, NULL, order->account, emu_jd_payable(lines, count));
}

struct emu_object *emu_jd_order_renewal(struct emu_jd_call *call, const struct emu_jd_line *lines,
                                        size_t count, bool year, int64_t span)
{
    struct emu_world *world = call->world;
    const char *account = call->request->account, *status = emu_switch(world, "jd_order_status");
    bool at_once = !status || strcmp(status, "PAID") == 0;
    struct emu_object *ret;

    if (at_once && !emu_jd_affordable(world, call, account, emu_jd_payable(lines, count)))
        return NULL;
    ret = emu_jd_order_new(world, account, call->region, "renew", lines, count);
    emu_set_bool(world, ret->body, "year", year);
    emu_set_int(world, ret->body, "span", span);
    if (at_once) {
        emu_jd_order_pay(world, ret, NULL);
        deliver(world, ret);
        return ret;
    }
    emu_jd_order_set_status(world, ret, status);
    if (strcmp(status, "DEALING") == 0)
        emu_transition_begin(world, ret, "pay", NULL);
    return ret;
}

void emu_jd_order_event(struct emu_world *world, const struct emu_event *event)
{
    if (event->failed || !can_pay(world, event->object)) {
        emu_jd_order_set_status(world, event->object, "CANCELED");
        return;
    }
    emu_jd_order_pay(world, event->object, NULL);
    deliver(world, event->object);
}
