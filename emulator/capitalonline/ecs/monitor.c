/* SPDX-License-Identifier: Apache-2.0 */
/* DescribeInstanceMonitor: a plausible point for each minute, computed from the instance's id and
 * the time only, so that equal requests get equal answers. Running times are not recorded: an
 * instance that is stopped now has no points. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_POINTS = 1440, ZONE_S = 8 * 3600 };

/* The indicators, and the metrics of each. */
static const struct metric {
    const char *indicator, *name, *unit, *device; /* a NULL device is shown as null */
    int least, most;                              /* hundredths */
    bool gpu;
} metrics[] = {
    { "CpuUsage", "CpuUsage", "%", NULL, 10, 4500, false },
    { "MemoryUsage", "MemoryUsage", "%", NULL, 1500, 6000, false },
    { "Load", "Load1M", "", NULL, 0, 200, false },
    { "Load", "Load5M", "", NULL, 0, 150, false },
    { "Load", "Load15M", "", NULL, 0, 120, false },
    { "NetworkRate", "NetworkOutrate", "Mbps", "eth0", 0, 900, false },
    { "NetworkRate", "NetworkInrate", "Mbps", "eth0", 0, 900, false },
    { "DiskUsage", "DiskUsage", "%", "/dev/vda", 800, 1200, false },
    { "DiskThroughput", "DiskReadThroughput", "KB/s", "vda", 0, 90000, false },
    { "DiskThroughput", "DiskWriteThroughput", "KB/s", "vda", 0, 90000, false },
    { "DiskIops", "DiskReadIops", "次/s", "vda", 0, 20000, false },
    { "DiskIops", "DiskWriteIops", "次/s", "vda", 0, 20000, false },
    { "GpuUsage", "GpuUsage", "%", "0", 0, 9000, true },
    { "GpuMemoryUsage", "GpuMemoryUsage", "%", "0", 100, 8000, true },
    { "GpuTemperature", "GpuTemperature", "℃", "0", 3500, 7000, true },
    { "GpuClocksGraphics", "GpuClocksGraphics", "MHz", "0", 21000, 169500, true },
    { "GpuClocksMemory", "GpuClocksMemory", "MHz", "0", 40500, 800100, true },
};

static int64_t hundredths(const struct metric *metric, const char *id, int64_t when)
{
    uint64_t hash = 1469598103934665603u ^ (uint64_t)when;

    for (const char *p = id; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    for (const char *p = metric->name; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    return metric->least + (int64_t)((hash >> 20) % (uint64_t)(metric->most - metric->least + 1));
}

static yyjson_mut_val *series(struct emu_world *world, const struct metric *metric, const char *id,
                              int64_t start, int64_t end)
{
    yyjson_mut_val *ret = emu_obj(world), *times = emu_arr(world), *values = emu_arr(world);

    for (int64_t when = start; when <= end; when += 60) {
        emu_push_str(world, times, emu_co_time(world, when));
        emu_push(values, yyjson_mut_real(world->doc, (double)hundredths(metric, id, when) / 100));
    }
    emu_set_str(world, ret, "Unit", metric->unit);
    emu_set(world, ret, "Device",
            metric->device ? yyjson_mut_str(world->doc, metric->device)
                           : yyjson_mut_null(world->doc));
    emu_set(world, ret, "Time", times);
    emu_set(world, ret, "Value", values);
    return ret;
}

/* "2022-09-03  01:29:28", with one blank or two, as in the samples; in UTC+8. */
static bool read_time(const char *text, int64_t *ret)
{
    struct tm parts = { 0 };
    const char *end = strptime(text, "%Y-%m-%d %H:%M:%S", &parts);

    if (!end || *end)
        return false;
    *ret = (int64_t)timegm(&parts) - ZONE_S;
    return true;
}

/* 0 when it is not a number; strtod() would read the decimal mark of the locale */
static double read_hours(const char *text)
{
    yyjson_val value = { 0 };
    const char *end = yyjson_read_number(text, &value, 0, NULL, NULL);

    return end && !*end ? yyjson_get_num(&value) : 0;
}

static bool read_span(struct emu_co *call, int64_t *ret_start, int64_t *ret_end)
{
    const char *start = emu_get_str(call->params, "StartTime"),
               *end = emu_get_str(call->params, "EndTime");
    const char *hours = emu_get_str(call->params, "TimeInterval");
    double length = hours ? read_hours(hours) : 1;

    *ret_end = emu_now(call->world);
    if (end && !read_time(end, ret_end))
        return emu_co_fail(call, "InvalidParameter", "EndTime");
    if (!(length > 0 && length <= 24 * 31))
        return emu_co_fail(call, "InvalidParameter", "TimeInterval");
    *ret_start = *ret_end - (int64_t)(length * 3600);
    if (start && !read_time(start, ret_start))
        return emu_co_fail(call, "InvalidParameter", "StartTime");
    if (*ret_start > *ret_end)
        return emu_co_fail(call, "InvalidParameter", "StartTime is after EndTime.");
    if (*ret_end - *ret_start > (int64_t)(MOST_POINTS - 1) * 60)
        *ret_start = *ret_end - (int64_t)(MOST_POINTS - 1) * 60;
    return true;
}

static bool indicators_known(struct emu_co *call)
{
    size_t i, count;
    yyjson_mut_val *word;

    yyjson_mut_arr_foreach(emu_get(call->params, "Indicators"), i, count, word)
    {
        size_t row = 0;

        while (row < EMU_COUNT(metrics) &&
               strcmp(metrics[row].indicator, yyjson_mut_get_str(word)) != 0)
            row++;
        if (row == EMU_COUNT(metrics))
            return emu_co_fail(call, "InvalidParameter", yyjson_mut_get_str(word));
    }
    return true;
}

void emu_ecs_describe_instance_monitor(struct emu_co *call)
{
    struct emu_object *instance =
        emu_ecs_find(call, "instance", emu_get_str(call->params, "EcsId"));
    yyjson_mut_val *data = emu_obj(call->world), *asked = emu_get(call->params, "Indicators");
    int64_t start = 0, end = 0;

    if (!instance) {
        emu_co_fail(call, "InvalidResourceId.NotFound", NULL);
        return;
    }
    if (!indicators_known(call) || !read_span(call, &start, &end))
        return;
    if (emu_ecs_is(instance, " shutdown deleted failed "))
        start = end + 1;
    for (size_t i = 0; i < EMU_COUNT(metrics); i++) {
        if (asked ? !emu_has_str(asked, metrics[i].indicator)
                  : metrics[i].gpu && !emu_get_int(instance->body, "gpu", 0))
            continue;
        emu_set(call->world, data, metrics[i].name,
                series(call->world, &metrics[i], instance->id, start, end));
    }
    emu_co_answer(call, data);
}
