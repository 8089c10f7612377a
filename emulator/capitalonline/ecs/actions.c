/* SPDX-License-Identifier: Apache-2.0 */
/* The service of CapitalOnline's ECS and EBS: the rows of its actions, parameters and errors, as
 * the documents' pages list them. The other ecs_*.c execute the actions. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

/* clang-format off */

static const struct emu_co_param family_info[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR, .required = true },
    { .name = "BillingMethod",     .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param zone_instance_type[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR, .required = true },
    { .name = "EcsFamilyName",     .type = EMU_CO_STR, .required = true },
    { .name = "Cpu",               .type = EMU_CO_INT },
    { .name = "Ram",               .type = EMU_CO_INT },
    { .name = "Gpu",               .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param images[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR },
    { .name = "ImageIds",          .type = EMU_CO_STRINGS },
    { 0 }
};
static const struct emu_co_param instance_list[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR },
    { .name = "VpcId",             .type = EMU_CO_STR },
    { .name = "SearchInfo",        .type = EMU_CO_STR },
    { .name = "EcsIds",            .type = EMU_CO_STRINGS },
    { .name = "PageNumber",        .type = EMU_CO_INT },
    { .name = "PageSize",          .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param disk_of_price[] = {
    { .name = "DiskFeature", .type = EMU_CO_STR, .required = true },
    { .name = "Size",        .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param price[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR, .required = true },
    { .name = "EcsFamilyName",     .type = EMU_CO_STR },
    { .name = "Cpu",               .type = EMU_CO_INT, .required = true },
    { .name = "Ram",               .type = EMU_CO_INT, .required = true },
    { .name = "Gpu",               .type = EMU_CO_INT },
    { .name = "BillingMethod",     .type = EMU_CO_STR, .required = true },
    { .name = "Duration",          .type = EMU_CO_INT },
    { .name = "IsToMonth",         .type = EMU_CO_INT },
    { .name = "SystemDiskInfo",    .type = EMU_CO_OBJ, .required = true, .fields = disk_of_price },
    { .name = "DataDiskInfo",      .type = EMU_CO_OBJS, .fields = disk_of_price },
    { .name = "Number",            .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param ecs_id[] = {
    { .name = "EcsId", .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param ecs_ids[] = {
    { .name = "EcsIds", .type = EMU_CO_STRINGS, .required = true },
    { 0 }
};
static const struct emu_co_param event_id[] = {
    { .name = "EventId", .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param monitor[] = {
    { .name = "EcsId",        .type = EMU_CO_STR, .required = true },
    { .name = "TimeInterval", .type = EMU_CO_SCALAR },
    { .name = "StartTime",    .type = EMU_CO_STR },
    { .name = "EndTime",      .type = EMU_CO_STR },
    { .name = "Indicators",   .type = EMU_CO_STRINGS },
    { 0 }
};
static const struct emu_co_param system_disk[] = {
    { .name = "DiskFeature", .type = EMU_CO_STR, .required = true },
    { .name = "Size",        .type = EMU_CO_INT, .required = true },
    { 0 }
};
static const struct emu_co_param data_disk[] = {
    { .name = "DiskFeature",         .type = EMU_CO_STR, .required = true },
    { .name = "Size",                .type = EMU_CO_INT, .required = true },
    { .name = "ReleaseWithInstance", .type = EMU_CO_INT },
    { .name = "SnapshotId",          .type = EMU_CO_STR },
    { 0 }
};
static const struct emu_co_param vpc_info[] = {
    { .name = "VpcId", .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param subnet_info[] = {
    { .name = "SubnetId",  .type = EMU_CO_STR, .required = true },
    { .name = "IpAddress", .type = EMU_CO_STRINGS },
    { 0 }
};
static const struct emu_co_param pubnet_info[] = {
    { .name = "SubnetId",          .type = EMU_CO_STR, .required = true },
    { .name = "EipIds",            .type = EMU_CO_STRINGS },
    { .name = "IpType",            .type = EMU_CO_STR },
    { .name = "BandwidthType",     .type = EMU_CO_STR },
    { .name = "BandwidthConfName", .type = EMU_CO_STR },
    { .name = "Qos",               .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param security_group[] = {
    { .name = "SecurityGroupId", .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param create_instance[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR, .required = true },
    { .name = "EcsFamilyName",     .type = EMU_CO_STR, .required = true },
    { .name = "Cpu",               .type = EMU_CO_INT, .required = true },
    { .name = "Ram",               .type = EMU_CO_INT, .required = true },
    { .name = "Gpu",               .type = EMU_CO_INT },
    { .name = "Number",            .type = EMU_CO_INT },
    { .name = "BillingMethod",     .type = EMU_CO_STR, .required = true },
    { .name = "SpotType",          .type = EMU_CO_STR },
    { .name = "SpotAmount",        .type = EMU_CO_SCALAR },
    { .name = "SkipSpotRelease",   .type = EMU_CO_BOOL },
    { .name = "Password",          .type = EMU_CO_STR, .required = true },
    { .name = "ImageId",           .type = EMU_CO_STR, .required = true },
    { .name = "SystemDisk",        .type = EMU_CO_OBJ, .required = true, .fields = system_disk },
    { .name = "VpcInfo",           .type = EMU_CO_OBJ, .required = true, .fields = vpc_info },
    { .name = "SubnetInfo",        .type = EMU_CO_OBJ, .required = true, .fields = subnet_info },
    { .name = "PubnetInfo",        .type = EMU_CO_OBJS, .fields = pubnet_info },
    { .name = "Name",              .type = EMU_CO_STR },
    { .name = "StartNumber",       .type = EMU_CO_INT },
    { .name = "Duration",          .type = EMU_CO_INT },
    { .name = "IsToMonth",         .type = EMU_CO_INT },
    { .name = "IsAutoRenewal",     .type = EMU_CO_INT },
    { .name = "UtcTime",           .type = EMU_CO_INT },
    { .name = "DataDisk",          .type = EMU_CO_OBJS, .fields = data_disk },
    { .name = "DnsList",           .type = EMU_CO_STRINGS },
    { .name = "SecurityGroups",    .type = EMU_CO_OBJS, .fields = security_group },
    { .name = "TestAccount",       .type = EMU_CO_STR },
    { .name = "ProjectId",         .type = EMU_CO_STR },
    { 0 }
};
static const struct emu_co_param operate[] = {
    { .name = "EcsIds",    .type = EMU_CO_STRINGS, .required = true },
    { .name = "OpType",    .type = EMU_CO_STR, .required = true },
    { .name = "DeleteEip", .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param delete_instance[] = {
    { .name = "EcsIds",    .type = EMU_CO_STRINGS, .required = true },
    { .name = "DeleteEip", .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param password[] = {
    { .name = "EcsIds",   .type = EMU_CO_STRINGS, .required = true },
    { .name = "Password", .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param name[] = {
    { .name = "EcsId", .type = EMU_CO_STR, .required = true },
    { .name = "Name",  .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param change[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR, .required = true },
    { .name = "EcsFamilyName",     .type = EMU_CO_STR, .required = true },
    { .name = "Cpu",               .type = EMU_CO_INT, .required = true },
    { .name = "Ram",               .type = EMU_CO_INT, .required = true },
    { .name = "Gpu",               .type = EMU_CO_INT },
    { .name = "EcsIds",            .type = EMU_CO_STRINGS, .required = true },
    { 0 }
};
static const struct emu_co_param create_image[] = {
    { .name = "EcsId",       .type = EMU_CO_STR, .required = true },
    { .name = "Name",        .type = EMU_CO_STR, .required = true },
    { .name = "TestAccount", .type = EMU_CO_STR },
    { .name = "IsOptimized", .type = EMU_CO_INT },
    { .name = "ProjectId",   .type = EMU_CO_STR },
    { 0 }
};
static const struct emu_co_param delete_image[] = {
    { .name = "ImageIds",          .type = EMU_CO_STRINGS, .required = true },
    { .name = "AvailableZoneCode", .type = EMU_CO_STR },
    { 0 }
};
static const struct emu_co_param sync_image[] = {
    { .name = "ImageId",            .type = EMU_CO_STR, .required = true },
    { .name = "AvailableZoneCodes", .type = EMU_CO_STRINGS, .required = true },
    { .name = "TestAccount",        .type = EMU_CO_STR },
    { 0 }
};
/* The tables of EBS name InstanceId, their samples EcsId: both are accepted. */
static const struct emu_co_param create_disk[] = {
    { .name = "AvailableZoneCode",   .type = EMU_CO_STR, .required = true },
    { .name = "InstanceId",          .type = EMU_CO_STR },
    { .name = "EcsId",               .type = EMU_CO_STR },
    { .name = "ReleaseWithInstance", .type = EMU_CO_INT },
    { .name = "DiskName",            .type = EMU_CO_STR },
    { .name = "DiskFeature",         .type = EMU_CO_STR, .required = true },
    { .name = "SnapshotId",          .type = EMU_CO_STR },
    { .name = "Size",                .type = EMU_CO_INT, .required = true },
    { .name = "Number",              .type = EMU_CO_INT },
    { .name = "BillingMethod",       .type = EMU_CO_STR },
    { 0 }
};
static const struct emu_co_param delete_disk[] = {
    { .name = "DiskIds",        .type = EMU_CO_STRINGS, .required = true },
    { .name = "DeleteSnapshot", .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param detach_disk[] = {
    { .name = "DiskIds", .type = EMU_CO_STRINGS, .required = true },
    { 0 }
};
static const struct emu_co_param attach_disk[] = {
    { .name = "DiskIds",             .type = EMU_CO_STRINGS, .required = true },
    { .name = "InstanceId",          .type = EMU_CO_STR },
    { .name = "EcsId",               .type = EMU_CO_STR },
    { .name = "ReleaseWithInstance", .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param extend_disk[] = {
    { .name = "DiskId",       .type = EMU_CO_STR, .required = true },
    { .name = "ExtendedSize", .type = EMU_CO_INT, .required = true },
    { 0 }
};
static const struct emu_co_param disk_quota[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param disk_list[] = {
    { .name = "AvailableZoneCode", .type = EMU_CO_STR },
    { .name = "RegionCode",        .type = EMU_CO_STR },
    { .name = "DiskIds",           .type = EMU_CO_STRINGS },
    { .name = "PageNumber",        .type = EMU_CO_INT },
    { .name = "PageSize",          .type = EMU_CO_INT },
    { 0 }
};
static const struct emu_co_param disk_id[] = {
    { .name = "DiskId", .type = EMU_CO_STR, .required = true },
    { 0 }
};
static const struct emu_co_param attached[] = {
    { .name = "InstanceId", .type = EMU_CO_STR },
    { .name = "EcsId",      .type = EMU_CO_STR },
    { 0 }
};
static const struct emu_co_param vpcs[] = {
    { .name = "RegionCode", .type = EMU_CO_STR },
    { .name = "PageNumber", .type = EMU_CO_INT },
    { .name = "Keyword",    .type = EMU_CO_STR },
    { 0 }
};
static const struct emu_co_param subnets[] = {
    { .name = "RegionCode",        .type = EMU_CO_STR, .required = true },
    { .name = "Keyword",           .type = EMU_CO_STR },
    { .name = "PageNumber",        .type = EMU_CO_INT },
    { .name = "VPCId",             .type = EMU_CO_STR },
    { .name = "AvailableZoneCode", .type = EMU_CO_STR },
    { 0 }
};

#define GET  EMU_CO_GET
#define POST EMU_CO_POST
#define BOTH (EMU_CO_GET | EMU_CO_POST)
#define LC   EMU_CO_LC
#define CM   EMU_CO_CM
#define RID  EMU_CO_RID
#define PAGED EMU_CO_PAGED
#define MESSAGE EMU_CO_MESSAGE

static const struct emu_co_action actions[] = {
    { "DescribeRegions",         "/ecs/v1",   GET,  RID,
      "获取地域可用区信息成功！", NULL,
      emu_ecs_describe_regions },
    { "DescribeEcsFamilyInfo",   "/ecs/v1",   GET,  RID,                   "获取云服务器类型成功！",
      family_info, emu_ecs_describe_family_info },
    { "DescribeImages",          "/ecs/v1.1", BOTH, RID | PAGED,           "获取镜像信息成功！",
      images,
      emu_ecs_describe_images },
    { "DescribeInstanceList",    "/ecs/v1",   GET,  LC | CM | RID | PAGED | MESSAGE,
      "获取云服务器列表成功！",
      instance_list, emu_ecs_describe_instance_list },
    { "DescribePrice",           "/ecs/v1",   POST, CM,                    "获取计费信息成功！",
      price,
      emu_ecs_describe_price },
    { "DescribeInstance",        "/ecs/v1",   GET,  LC | CM | MESSAGE,     "获取云服务器详情成功！",
      ecs_id,
      emu_ecs_describe_instance },
    { "DescribeInstanceStatus",  "/ecs/v1",   POST, MESSAGE,               "获取云服务器状态成功！",
      ecs_ids,
      emu_ecs_describe_instance_status },
    { "DescribeEvent",           "/ecs/v1",   GET,  RID,                   "获取事件信息成功！",
      event_id,
      emu_ecs_describe_event },
    { "DescribeInstanceMonitor", "/ecs/v1",   POST, RID,
      "获取云服务器监控信息成功！", monitor,
      emu_ecs_describe_instance_monitor },
    { "DescribeAccountSubject",  "/ecs/v1",   GET,  RID,                   "获取测试账户信息成功！",
      NULL,
      emu_ecs_describe_account_subject },
    { "CreateInstance",          "/ecs/v1",   POST, 0,
      "创建云服务器任务下发成功",
      create_instance, emu_ecs_create_instance },
    { "OperateInstance",         "/ecs/v1",   POST, LC | CM | MESSAGE,
      "批量操作云服务器任务下发成功！",
      operate, emu_ecs_operate_instance },
    { "DeleteInstance",          "/ecs/v1",   POST, CM,
      "删除云服务器任务下发成功！",
      delete_instance, emu_ecs_delete_instance },
    { "ModifyInstancePassword",  "/ecs/v1",   POST, CM,
      "云服务器管理员用户密码修改任务下发成功！",
      password, emu_ecs_modify_password },
    { "ModifyInstanceName",      "/ecs/v1",   POST, RID,                   "修改实例名称成功！",
      name,
      emu_ecs_modify_name },
    { "CreateImage",             "/ecs/v1",   POST, 0,                     "创建私有镜像成功",
      create_image,
      emu_ecs_create_image },
    { "DeleteImage",             "/ecs/v1",   POST, 0,                     "删除节点镜像成功!",
      delete_image, emu_ecs_delete_image },
    { "SyncImage",               "/ecs/v1",   POST, 0,                     "同步私有镜像成功！",
      sync_image,
      emu_ecs_sync_image },
    { "DescribeInstanceVncUrl",  "/ecs/v1",   GET,  0,                     "获取远程连接地址成功！",
      ecs_id,
      emu_ecs_describe_instance_vnc_url },
    { "DescribeZoneInstanceType", "/ecs/v1",  GET,  RID,
      "获取计算类型族及其售卖状态！",
      zone_instance_type, emu_ecs_describe_zone_instance_type },
    { "ChangeInstanceConfigure", "/ecs/v1",   POST, RID,                   "云服务器规格修改成功",
      change,
      emu_ecs_change_configure },
    { "CreateDisk",              "/ebs/v1",   POST, 0,                     "云盘创建任务下发成功！",
      create_disk, emu_ecs_create_disk },
    { "DeleteDisk",              "/ebs/v1",   POST, 0,                     "云盘删除任务下发成功！",
      delete_disk, emu_ecs_delete_disk },
    { "DetachDisk",              "/ebs/v1",   POST, 0,                     "云盘卸载任务下发成功！",
      detach_disk, emu_ecs_detach_disk },
    { "AttachDisk",              "/ebs/v1",   POST, 0,                     "云盘挂载任务下发成功！",
      attach_disk, emu_ecs_attach_disk },
    { "ExtendDisk",              "/ebs/v1",   POST, 0,                     "云盘扩容任务下发成功！",
      extend_disk, emu_ecs_extend_disk },
    { "DescribeDiskQuota",       "/ebs/v1",   GET,  RID,                   "获取云盘配额成功！",
      disk_quota,
      emu_ecs_describe_disk_quota },
    { "DescribeDiskList",        "/ebs/v1",   BOTH, PAGED,                 "获取云盘列表成功！",
      disk_list,
      emu_ecs_describe_disk_list },
    { "DescribeDisk",            "/ebs/v1",   GET,  0,                     "获取云盘详情成功！",
      disk_id,
      emu_ecs_describe_disk },
    { "DescribeEcsAttachDisks",  "/ebs/v1",   GET,  0,
      "获取实例挂载的云盘信息成功！",
      attached, emu_ecs_describe_attach_disks },
    { "DescribeEvent",           "/ebs/v1",   GET,  0,                     "获取事件信息成功！",
      event_id,
      emu_ecs_describe_event },
    { "DescribeVPC",             "/vpc",      BOTH, MESSAGE,               "success", vpcs,
      emu_ecs_describe_vpc },
    { "DescribeSubnet",          "/vpc",      BOTH, MESSAGE,               "success", subnets,
      emu_ecs_describe_subnet },
    { 0 }
};

/* The one error table of ECS and EBS. */
static const struct emu_co_error errors[] = {
    { 400, "ParamParseError", "Parameter parsing error." },
    { 400, "InvalidParameter", "The parameter is not valid." },
    { 400, "MissingParameter", "Missing required parameter." },
    { 400, "InvalidParameter.IsNull", "Required parameter is empty." },
    { 400, "UnsupportedHTTPMethod", "Action does not correspond to the request method." },
    { 400, "UnsupportedAction", "Unsupported action." },
    { 400, "MaxEcsCountExceed", "Exceeding the maximum number of ECS available." },
    { 400, "InvalidInstanceSpec.ValueNotSupported",
      "The specified InstanceSpec does not exist or beyond the permitted range." },
    { 400, "InvalidInstanceType.ValueNotSupported",
      "The specified InstanceType does not exist or beyond the permitted range." },
    { 400, "MaxDiskSizeExceed",
      "The specified disk size exceeds the maximum capacity of the disk." },
    { 400, "MinDiskSizeLess",
      "The specified disk size is below the minimum capacity of the disk." },
    { 400, "InvalidDiskSize.ValueNotSupported",
      "The specified DiskSize does not exist or beyond the permitted range." },
    { 400, "UnSupportedMixingLocalAndEbs", "Mixing local disks and cloud disks is not supported." },
    { 403, "InvalidOperation", "The operation fails to pass the inspection and is invalid." },
    { 403, "InvalidOperation.VpcMismatch",
      "The operation is invalid. The resources of the operation are not in the same VPC." },
    { 403, "InvalidOperation.AzMismatch",
      "The operation is invalid.The resources of the operation are not in the same zone." },
    { 403, "InvalidOperation.InstanceStatusUnsupported",
      "The instance state does not support the specified operation." },
    { 404, "InvalidUser.NotFound", "The user information under the customer name does not exist." },
    { 404, "InvalidAccount.NotFound", "Customer information does not exist" },
    { 404, "InvalidRegion.NotFound", "The specified region does not exist." },
    { 404, "InvalidAvailableZone.NotFound", "The specified available zone does not exist." },
    { 404, "InvalidResourceId.NotFound", "The specified resource zone does not exist" },
    { 404, "InvalidVpc.NotFound", "The specified vpc does not exist." },
    { 404, "InvalidImage.NotFound", "The specified image does not exist." },
    { 404, "InvalidEvent.NotFound", "The specified event does not exist." },
    { 404, "InvalidEvent.InvalidUrl.NotFound", "The specified url does not exist" },
    { 500, "InternalError",
      "The request processing has failed due to some unknown error, exception or failure." },
    { 0 }
};
/* clang-format on */

static const char *const roots[] = { "ecs", "ebs", "vpc", NULL };

static const struct emu_co_product product = {
    .provider = EMU_ECS,
    .roots = roots,
    .actions = actions,
    .errors = errors,
    .refusals = {
        [EMU_CO_BAD_PATH] = "InvalidEvent.InvalidUrl.NotFound",
        [EMU_CO_BAD_ACTION] = "UnsupportedAction",
        [EMU_CO_BAD_METHOD] = "UnsupportedHTTPMethod",
        [EMU_CO_UNREADABLE] = "ParamParseError",
        [EMU_CO_MISSING] = "MissingParameter",
        [EMU_CO_EMPTY] = "InvalidParameter.IsNull",
        [EMU_CO_INTERNAL] = "InternalError",
    },
    .message_key = "Msg",
    .error_request_id = true,
};

static bool match(struct emu_world *world, struct emu_request *request)
{
    return emu_co_match(&product, world, request);
}

static bool verify(struct emu_world *world, struct emu_request *request, struct emu_reply *reply)
{
    return emu_co_verify(&product, world, request, reply);
}

static void handle(struct emu_world *world, struct emu_request *request, struct emu_reply *reply)
{
    emu_co_handle(&product, world, request, reply);
}

static void refuse(struct emu_world *world, struct emu_request *request, int status,
                   const char *code, const char *message, struct emu_reply *reply)
{
    emu_co_refuse(&product, world, request, status, code, message, reply);
}

static void error(struct emu_world *world, struct emu_request *request, int status,
                  yyjson_mut_val *code, const char *message, struct emu_reply *reply)
{
    emu_co_error(&product, world, request, status, code, message, reply);
}

static void event(struct emu_world *world, const struct emu_event *what)
{
    if (strcmp(what->name, "begin") == 0)
        emu_ecs_event_begin(world, what->object);
    else if (strcmp(what->name, "bill") == 0)
        emu_ecs_bill_due(world, what->object);
    else if (strcmp(what->name, "destroy") == 0)
        emu_object_remove(world, what->object);
    else
        emu_ecs_work_end(world, what);
}

const struct emu_service emu_capitalonline_ecs = {
    .provider = EMU_ECS,
    .match = match,
    .verify = verify,
    .handle = handle,
    .refuse = refuse,
    .error = error,
    .event = event,
    .seed = emu_ecs_seed,
};
