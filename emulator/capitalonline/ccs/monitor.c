/* SPDX-License-Identifier: Apache-2.0 */
/* Monitoring of CCS: series that look like those of a machine in use and are equal for equal
 * requests. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>
#include <time.h>

enum { ZONE_S = 8 * 3600 };

/* "2019-10-09 15:30:00" in UTC+8. */
static bool read_time(const char *text, int64_t *ret)
{
    struct tm parts = { 0 };
    const char *end = strptime(text, "%Y-%m-%d %H:%M:%S", &parts);

    if (!end || *end)
        return false;
    *ret = (int64_t)timegm(&parts) - ZONE_S;
    return true;
}

static bool read_span(struct emu_co *call, int64_t *ret_start, int64_t *ret_end)
{
    if (!read_time(emu_get_text(call->params, "StartTime"), ret_start))
        return emu_co_fail(call, "InvalidStartTime.Malformed", NULL);
    if (!read_time(emu_get_text(call->params, "EndTime"), ret_end) || *ret_end < *ret_start)
        return emu_co_fail(call, "InvalidEndTime.Malformed", NULL);
    return true;
}

/* A number from 0 to 1 that depends on @words and @number only. */
static double chance(const char *words, int64_t number)
{
    uint64_t hash = 14695981039346656037u;

    for (; *words; words++)
        hash = (hash ^ (unsigned char)*words) * 1099511628211u;
    for (int i = 0; i < 8; i++)
        hash = (hash ^ ((uint64_t)number >> (8 * i) & 255)) * 1099511628211u;
    return (double)(hash >> 11) / 9007199254740992.0;
}

static const struct metric {
    const char *name;
    char of; /* 'i' an instance, 'n' an interface, 'd' a disk */
    double most;
} metrics[] = {
    { "CPUUtilization", 'i', 100 }, { "RAMUtilization", 'i', 100 },  { "DiskWriteIOPS", 'd', 600 },
    { "DiskReadIOPS", 'd', 600 },   { "DiskWriteBPS", 'd', 40000 },  { "DiskReadBPS", 'd', 40000 },
    { "InterfaceInRate", 'n', 20 }, { "InterfaceOutRate", 'n', 20 },
};

static bool owns(const struct emu_object *instance, const char *list, const char *member,
                 const char *id)
{
    yyjson_mut_val *item;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(instance->body, list), i, count, item)
    {
        if (strcmp(emu_get_text(item, member), id) == 0)
            return true;
    }
    return false;
}

static bool owns_interface(const struct emu_object *instance, const char *id)
{
    return owns(instance, "PrivateNetworkInterface", "InterfaceId", id) ||
           owns(instance, "PublicNetworkInterface", "InterfaceId", id);
}

static double rounded(double value, double digits)
{
    return (double)(int64_t)(value * digits + 0.5) / digits;
}

/* A daily curve with noise, lowest at four at night; two decimal places. */
static double value_at(struct emu_world *world, const struct metric *metric, const char *of,
                       int64_t when)
{
    const char *words = emu_text(world, "%s %s", metric->name, of);
    double hour = (double)((when + ZONE_S - 4 * 3600) % 86400) / 3600.0;
    double climb = (hour < 12.0 ? hour : 24.0 - hour) / 12.0;

    return rounded(metric->most *
                       (0.02 + 0.35 * chance(words, 0) + 0.4 * climb + 0.2 * chance(words, when)),
                   100.0);
}

void emu_ccs_monitor(struct emu_co *call)
{
    enum { MOST_POINTS = 10000 };
    struct emu_world *world = call->world;
    struct emu_object *instance = emu_ccs_instance(call);
    const struct metric *metric = metrics;
    const char *name = emu_get_text(call->params, "MetricName");
    const char *interface = emu_get_str(call->params, "InterfaceId");
    const char *disk = emu_get_str(call->params, "DiskId"), *of;
    int64_t period = emu_get_int(call->params, "Period", 0), start, end;
    yyjson_mut_val *data = emu_obj(world), *points = emu_arr(world), *point;

    if (!instance)
        return;
    while (metric < metrics + EMU_COUNT(metrics) && strcmp(metric->name, name) != 0)
        metric++;
    if (metric == metrics + EMU_COUNT(metrics)) {
        emu_co_fail(call, "InvalidMetricName.Malformed", NULL);
        return;
    }
    if (period != 60 && period != 900) {
        emu_co_fail(call, "InvalidPeriod.Malformed", NULL);
        return;
    }
    if (!read_span(call, &start, &end))
        return;
    if ((end - start) / period > MOST_POINTS) {
        emu_co_fail(call, "InvalidEndTime.Malformed", NULL);
        return;
    }
    if ((metric->of == 'n' && !interface) || (interface && !owns_interface(instance, interface))) {
        emu_co_fail(call, "InvalidInterfaceID.Malformed", NULL);
        return;
    }
    if (disk && !owns(instance, "Disks.DataDisks", "DiskId", disk)) {
        emu_co_fail(call, "InvalidDiskID.Malformed", NULL);
        return;
    }
    of = metric->of == 'n' ? interface : metric->of == 'd' && disk ? disk : instance->id;
    for (int64_t when = start; when <= end && when <= emu_now(world); when += period) {
        point = emu_obj(world);
        emu_set_str(world, point, "Timestamp", emu_co_time(world, when));
        emu_set(world, point, "Value",
                yyjson_mut_real(world->doc, value_at(world, metric, of, when)));
        emu_push(points, point);
    }
    emu_set(world, data, "DataPoints", points);
    emu_set_str(world, data, "InstanceId", instance->id);
    emu_set_str(world, data, "Period", emu_text(world, "%lld", (long long)period));
    emu_co_answer(call, data);
}

/* The traffic of an interface in GB: the sum of its rates of every five minutes. */
void emu_ccs_card_flow(struct emu_co *call)
{
    enum { PERIOD = 300, MOST_STEPS = 10000 };
    static const char *const ways[] = { "Input", "Output" };
    struct emu_world *world = call->world;
    struct emu_object *instance = emu_ccs_instance(call);
    const char *id = emu_get_text(call->params, "InterfaceId");
    yyjson_mut_val *data = emu_obj(world), *flow = emu_obj(world);
    int64_t start, end;

    if (!instance)
        return;
    if (!owns_interface(instance, id)) {
        emu_co_fail(call, "InvalidInterfaceID.Malformed", NULL);
        return;
    }
    if (strcmp(emu_get_text(call->params, "MetricName"), "NetworkCardFlow") != 0) {
        emu_co_fail(call, "InvalidMetricName.Malformed", NULL);
        return;
    }
    if (!read_span(call, &start, &end))
        return;
    if ((end - start) / PERIOD > MOST_STEPS) {
        emu_co_fail(call, "InvalidEndTime.Malformed", NULL);
        return;
    }
    for (size_t i = 0; i < EMU_COUNT(ways); i++) {
        double megabits = 0;

        for (int64_t when = start; when < end; when += PERIOD)
            megabits +=
                (double)PERIOD * value_at(world, &metrics[EMU_COUNT(metrics) - 2 + i], id, when);
        emu_set(world, flow, ways[i],
                yyjson_mut_real(world->doc, rounded(megabits / 8000.0, 100000.0)));
    }
    emu_set(world, data, "NetworkCardFlow", flow);
    emu_set_str(world, data, "InstanceId", instance->id);
    emu_set_str(world, data, "InterfaceId", id);
    emu_set_int(world, data, "Period", PERIOD);
    emu_co_answer(call, data);
}
