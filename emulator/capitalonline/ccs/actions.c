/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service of CapitalOnline's CCS: the rows of its actions, parameters, envelopes and error
 * codes. The other ccs_*.c execute the actions.
 *
 * The documents print two hosts (api... and cdsapi...); here only the path counts. Codes that the
 * documents' tables do not list follow their pattern, Invalid<Parameter>.Malformed.
 */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

#define REQ(name, type) \
    { \
        name, EMU_CO_##type, true, NULL, NULL \
    }
#define OPT(name, type) \
    { \
        name, EMU_CO_##type, false, NULL, NULL \
    }
#define REQ_BAD(name, type, code) \
    { \
        name, EMU_CO_##type, true, NULL, code \
    }
#define OPT_BAD(name, type, code) \
    { \
        name, EMU_CO_##type, false, NULL, code \
    }
#define REQ_OF(name, type, of, code) \
    { \
        name, EMU_CO_##type, true, of, code \
    }
#define OPT_OF(name, type, of, code) \
    { \
        name, EMU_CO_##type, false, of, code \
    }
#define END \
    { \
        0 \
    }

#define BAD_INSTANCE "InvalidInstanceID.Malformed"

/* clang-format off */
static const struct emu_co_param disk[] = {
    OPT("Size", INT), OPT("Type", STR), OPT("IOPS", INT), END
};
static const struct emu_co_param private_ip[] = {
    REQ("PrivateId", STR), OPT("IP", STRINGS), OPT("Segment", STR), END
};
static const struct emu_co_param ordered_ip[] = {
    REQ("PipeId", STR), OPT("IP", STRINGS), END
};
static const struct emu_co_param activation[] = {
    OPT("Batch", INT), OPT("ProductIds", STRINGS), END
};
static const struct emu_co_param public_network[] = {
    OPT("Name", STR), OPT("Type", STR), OPT("BillingMethod", STR),
    OPT("Qos", INT), OPT("IPNum", INT), END
};
static const struct emu_co_param create[] = {
    REQ("RegionId", STR), REQ_BAD("VdcId", STR, "InvalidVDCID.Malformed"),
    REQ_BAD("Password", STR, "InvalidPassword.Malformed"), OPT("PublicKey", STR),
    REQ_BAD("InstanceName", STR, "InvalidInstanceName.Malformed"),
    OPT("DescriptionNum", STR), OPT("InstanceChargeType", STR),
    OPT("AutoRenew", INT), OPT_BAD("PrepaidMonth", INT, "InvalidPrepaidMonth.Malformed"),
    REQ_BAD("Cpu", INT, "InvalidInstanceType.ValueUnauthorized"),
    REQ_BAD("Ram", INT, "InvalidInstanceType.ValueUnauthorized"),
    REQ("InstanceType", STR), OPT("ImageId", STR), OPT("ImagePassword", STR),
    OPT_OF("SystemDisk", OBJ, disk, NULL), OPT_OF("DataDisks", OBJS, disk, NULL),
    OPT_BAD("Amount", INT, "InvalidAmount.Malformed"),
    OPT_BAD("PublicIp", STRINGS, "InvalidPublicIpAddress.Malformed"),
    OPT("Ipv6Bind", BOOL),
    OPT_OF("PrivateIp", OBJS, private_ip, "InvalidPrivateIpAddress.Malformed"),
    OPT("UTC", BOOL), OPT_OF("WindowsActivation", OBJ, activation, NULL),
    OPT_BAD("UserData", STRINGS, "InvalidUserData.Malformed"),
    OPT("SecurityGroup", OBJS), OPT("DryRun", BOOL), OPT("SwapOff", BOOL),
    OPT_OF("OrderedIP", OBJS, ordered_ip, NULL), OPT("LabelNames", STRINGS),
    OPT("DeletionProtection", BOOL), OPT("DedicatedHostId", STR),
    OPT("HostName", STR), OPT("SubjectId", INT), OPT("AssignCCSId", STR),
    END
};
static const struct emu_co_param price[] = {
    REQ("RegionId", STR), OPT("InstanceChargeType", STR), OPT("AutoRenew", INT),
    OPT_BAD("PrepaidMonth", INT, "InvalidPrepaidMonth.Malformed"),
    REQ_BAD("Cpu", INT, "InvalidInstanceType.ValueUnauthorized"),
    REQ_BAD("Ram", INT, "InvalidInstanceType.ValueUnauthorized"),
    REQ("InstanceType", STR), REQ("ImageId", STR), REQ_OF("SystemDisk", OBJ, disk, NULL),
    OPT_OF("DataDisks", OBJS, disk, NULL), REQ_BAD("Amount", INT, "InvalidAmount.Malformed"),
    OPT("HostId", STR), END
};
static const struct emu_co_param instance[] = { REQ_BAD("InstanceId", STR, BAD_INSTANCE), END };
static const struct emu_co_param instance_stop[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), OPT("StopType", STR), END
};
static const struct emu_co_param instances[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE), END
};
static const struct emu_co_param instances_stop[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE), OPT("StopType", STR), END
};
static const struct emu_co_param charge_type[] = {
    REQ_BAD("InstanceId", STR, "InvalidInstanceId.Malformed"),
    REQ("InstanceChargeType", STR), OPT("AutoRenew", INT),
    OPT_BAD("PrepaidMonth", INT, "InvalidPrepaidMonth.Malformed"), END
};
static const struct emu_co_param spec[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE),
    OPT_BAD("Cpu", INT, "InvalidInstanceType.ValueUnauthorized"),
    OPT_BAD("Ram", INT, "InvalidInstanceType.ValueUnauthorized"),
    OPT("InstanceType", STR), END
};
static const struct emu_co_param create_disk[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), OPT_OF("DataDisks", OBJS, disk, NULL), END
};
static const struct emu_co_param resize_disk[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), REQ("DiskId", STR),
    REQ("DataSize", INT), OPT("IOPS", INT), END
};
static const struct emu_co_param delete_disk[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), REQ("DiskIds", STRINGS), END
};
static const struct emu_co_param extend_disk[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), OPT("Size", INT), OPT("IOPS", INT),
    END
};
/* Password: required, except with ccs_go_example. */
static const struct emu_co_param reset_image[] = {
    REQ_BAD("InstanceId", STR, "InvalidInstanceId.Malformed"), REQ("ImageId", STR),
    OPT("ImagePassword", STR), OPT_BAD("Password", STR, "InvalidPassword.Malformed"),
    OPT("PublicKey", STR), OPT("ProductId", STR),
    OPT_BAD("UserData", STRINGS, "InvalidUserData.Malformed"), OPT("SwapOff", BOOL), END
};
static const struct emu_co_param list[] = {
    OPT("PageNumber", INT), OPT("VdcId", STR),
    OPT_BAD("InstanceId", STR, BAD_INSTANCE), OPT("PublicIp", STRINGS),
    OPT("PublicIpv6", STR), OPT("PageSize", INT), OPT("VdcName", STR),
    OPT("TagName", STR), OPT("RegionId", STR), END
};
static const struct emu_co_param interface[] = {
    REQ_BAD("InterfaceId", STR, "InvalidInterfaceID.Malformed"),
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), END
};
static const struct emu_co_param modify_ip[] = { /* Address, Password: see emu_ccs_modify_ip */
    REQ_BAD("InstanceId", STR, BAD_INSTANCE),
    REQ_BAD("InterfaceId", STR, "InvalidInterfaceID.Malformed"), OPT("Address", STR),
    OPT("Ipv6Bind", BOOL), OPT("Password", STR), END
};
static const struct emu_co_param monitor[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), REQ("MetricName", STR),
    REQ_BAD("Period", INT, "InvalidPeriod.Malformed"), REQ("StartTime", STR),
    REQ("EndTime", STR),
    OPT_BAD("InterfaceId", STR, "InvalidInterfaceID.Malformed"), OPT("DiskId", STR), END
};
static const struct emu_co_param flow[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE),
    REQ_BAD("InterfaceId", STR, "InvalidInterfaceID.Malformed"), REQ("MetricName", STR),
    REQ("StartTime", STR), REQ("EndTime", STR), END
};
static const struct emu_co_param new_name[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE),
    REQ_BAD("InstanceName", STR, "InvalidInstanceName.Malformed"), END
};
static const struct emu_co_param host_name[] = {
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), REQ("HostName", STR),
    REQ("Password", STR), END
};
static const struct emu_co_param create_tag[] = { REQ("TagName", STR), END };
static const struct emu_co_param delete_tag[] = { REQ("TagId", SCALAR), END };
static const struct emu_co_param add_tags[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE), OPT("AddTagIds", STRINGS), END
};
static const struct emu_co_param delete_tags[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE), OPT("DelTagIds", STRINGS), END
};
static const struct emu_co_param types[] = {
    REQ("RegionId", STR), REQ("InstanceType", STR), OPT("InstanceChargeType", STR),
    END
};
static const struct emu_co_param public_ips[] = {
    REQ_BAD("VdcId", STR, "InvalidVDCID.Malformed"), REQ("PublicId", STR), END
};
static const struct emu_co_param private_ips[] = {
    REQ_BAD("VdcId", STR, "InvalidVDCID.Malformed"), REQ("PrivateId", STR), END
};
static const struct emu_co_param segment[] = {
    REQ("PrivateId", STR), REQ("Segment", STR), END
};
static const struct emu_co_param password[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE),
    REQ_BAD("Password", STR, "InvalidPassword.Malformed"), END
};
static const struct emu_co_param add_interfaces[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE), OPT("PrivateId", STR),
    OPT("PublicId", STR), REQ_BAD("VdcId", STR, "InvalidVDCID.Malformed"),
    REQ("Password", STR), END
};
static const struct emu_co_param delete_interfaces[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE), OPT("PrivateId", STR),
    OPT("PublicId", STR), REQ_BAD("VdcId", STR, "InvalidVDCID.Malformed"), END
};
static const struct emu_co_param attribute[] = {
    REQ_BAD("InstanceIds", STRINGS, BAD_INSTANCE), REQ("DeletionProtection", BOOL), END
};
static const struct emu_co_param host_types[] = { REQ("RegionId", STR), END };
static const struct emu_co_param hosts[] = {
    OPT("HostId", STR), OPT("HostName", STR), OPT("PageNumber", INT),
    OPT("PageSize", INT), END
};
static const struct emu_co_param allocate[] = {
    REQ("RegionId", STR), REQ("DedicatedHostType", STR),
    REQ("DedicatedHostGoodId", SCALAR), REQ("DedicatedHostName", STR),
    REQ("DedicatedHostCpu", INT), REQ("DedicatedHostRam", INT),
    REQ("DedicatedHostLimit", INT),
    REQ_BAD("PrepaidMonth", INT, "InvalidPrepaidMonth.Malformed"),
    REQ("AutoRenew", SCALAR), REQ_BAD("Amount", INT, "InvalidAmount.Malformed"),
    OPT("DescriptionNum", BOOL), OPT("SubjectId", INT), END
};
static const struct emu_co_param task[] = {
    REQ_BAD("TaskId", STR, "InvalidTaskID.Malformed"), END
};
static const struct emu_co_param region[] = { REQ("RegionId", STR), END };
static const struct emu_co_param templates[] = {
    REQ("PageNumber", INT), REQ("PageSize", INT), OPT("Keyword", STR), END
};
static const struct emu_co_param create_template[] = { /* PowerOn: the sample has none */
    REQ_BAD("InstanceId", STR, BAD_INSTANCE), REQ("DisplayName", STR),
    OPT("PowerOn", BOOL), OPT("WithDataDisk", BOOL), OPT("InstanceUserName", STR),
    END
};
static const struct emu_co_param template[] = {
    REQ("TemplateId", STR), REQ("RegionId", STR), END
};
static const struct emu_co_param describe_vdc[] = {
    OPT("RegionId", STR), OPT_BAD("VdcId", STR, "InvalidVDCID.Malformed"),
    OPT("PageNumber", INT), OPT("Keyword", STR), END
};
static const struct emu_co_param create_vdc[] = {
    REQ("RegionId", STR), OPT("VdcName", STR),
    OPT_OF("PublicNetwork", OBJ, public_network, NULL), OPT("SubjectId", INT), END
};
static const struct emu_co_param delete_vdc[] = {
    REQ_BAD("VdcId", STR, "InvalidVDCID.Malformed"), END
};

/* The envelopes of the pages' examples. */
enum {
    TASK = EMU_CO_TASK | EMU_CO_NO_DATA, /* Code, TaskId */
    DATA = EMU_CO_MESSAGE,               /* Code, Data, Message */
    BOTH = EMU_CO_MESSAGE | EMU_CO_TASK, /* all four */
    GONE = TASK | EMU_CO_RID,            /* Code, TaskId, RequestId */
    GET = EMU_CO_GET,
    POST = EMU_CO_POST,
    ANY = EMU_CO_GET | EMU_CO_POST
};

#define ACTION(name, path, methods, envelope, message, params, run) \
    { name, path, methods, envelope, message, params, emu_ccs_##run }
#define USUAL(envelope) ((envelope) & EMU_CO_MESSAGE ? "Success." : NULL)
#define ON_CCS(name, methods, envelope, params, run) \
    ACTION(name, "/ccs", methods, envelope, USUAL(envelope), params, run)
#define ON_NETWORK(name, methods, envelope, params, run) \
    ACTION(name, "/network", methods, envelope, USUAL(envelope), params, run)
#define SAYING(name, message, envelope, params, run) \
    ACTION(name, "/ccs", POST, envelope, message, params, run)

static const struct emu_co_action actions[] = {
    ON_CCS("CreateInstance",               POST, BOTH, create,            create_instance),
    ON_CCS("DeleteInstance",               POST, GONE, instances,         delete_instance),
    ON_CCS("StopInstance",                 GET,  TASK, instance_stop,     power),
    ON_CCS("RebootInstance",               GET,  TASK, instance,          power),
    ON_CCS("ModifyInstanceChargeType",     POST, TASK, charge_type,       modify_charge_type),
    ON_CCS("ModifyInstanceSpec",           POST, TASK, spec,              modify_spec),
    ON_CCS("CreateDisk",                   POST, TASK, create_disk,       create_disk),
    ON_CCS("ResizeDisk",                   POST, TASK, resize_disk,       resize_disk),
    ON_CCS("DeleteDisk",                   POST, TASK, delete_disk,       delete_disk),
    ON_CCS("ResetImage",                   POST, TASK, reset_image,       reset_image),
    ON_CCS("DescribeInstances",            POST, DATA, list,              describe_instances),
    ON_CCS("ConnectNetworkInterface",      POST, TASK, interface,         switch_interface),
    ON_CCS("DisconnectNetworkInterface",   POST, TASK, interface,         switch_interface),
    ON_CCS("ModifyIpAddress",              POST, TASK, modify_ip,         modify_ip),
    ON_CCS("DescribeInstanceMonitor",      POST, DATA, monitor,           monitor),
    ON_CCS("StartInstance",                GET,  TASK, instance,          power),
    ON_CCS("ModifyInstanceName",           POST, BOTH, new_name,          modify_name),
    ON_CCS("DescribeTags",                 POST, DATA, NULL,              describe_tags),
    ON_CCS("CreateTag",                    POST, BOTH, create_tag,        create_tag),
    ON_CCS("DeleteTag",                    POST, BOTH, delete_tag,        delete_tag),
    ON_CCS("AddInstancesTags",             POST, BOTH, add_tags,          tag_instances),
    ON_CCS("DeleteInstancesTags",          POST, BOTH, delete_tags,       tag_instances),
    ON_CCS("DescribeInstanceType",         POST, DATA, types,             describe_types),
    ON_NETWORK("DescribePublicIp",         POST, BOTH, public_ips,        describe_ips),
    ON_NETWORK("DescribePrivateIp",        POST, BOTH, private_ips,       describe_ips),
    ON_CCS("ResetInstancesPassword",       POST, DATA, password,          reset_password),
    ON_CCS("CreateInstanceHtmlConsoleURL", POST, BOTH, instance,          console_url),
    SAYING("ExtendSystemDisk",             "", BOTH, extend_disk, extend_system_disk),
    SAYING("DescribeInstancePrice",        "success", DATA, price, describe_instance_price),
    ON_CCS("StopInstances",                GET,  TASK, instances_stop,    power),
    ON_CCS("StartInstances",               GET,  TASK, instances,         power),
    ON_CCS("RebootInstances",              GET,  TASK, instances,         power),
    SAYING("BatchAddNetworkInterfaces",    "", BOTH, add_interfaces, add_interfaces),
    SAYING("BatchDeleteNetworkInterfaces", "", BOTH, delete_interfaces, delete_interfaces),
    SAYING("DescribeNetworkCardFlow",      "获取网卡流量数据成功.", DATA, flow, card_flow),
    ON_CCS("GetIpInfoBySegment",           POST, DATA, segment,           ips_of_segment),
    ON_CCS("ModifyInstanceAttribute",      POST, DATA, attribute,         modify_attribute),
    /* dedicated hosts; terraform reads them by GET */
    ON_CCS("DescribeDedicatedHostTypes",   ANY,  DATA, host_types,        host_types),
    ON_CCS("DescribeDedicatedHosts",       ANY,  DATA, hosts,             hosts),
    ON_CCS("AllocateDedicatedHosts",       POST, DATA, allocate,          allocate_hosts),
    /* 首云OpenAPI(v1.2) and gic */
    ON_CCS("DescribeTask",                 GET,  BOTH, task,              describe_task),
    ON_CCS("DescribeAvailableResource",    GET,  0,    region,            describe_available),
    ON_CCS("CreateTemplate",               POST, BOTH, create_template,   create_template),
    ON_CCS("DeleteTemplate",               POST, BOTH, template,          delete_template),
    ON_CCS("SyncTemplate",                 POST, BOTH, template,          sync_template),
    ON_CCS("DescribeTemplateInfo",         POST, DATA, templates,         describe_templates),
    ON_CCS("ModifyInstanceHostName",       POST, DATA, host_name,         modify_host_name),
    ON_NETWORK("DescribeVdc",              GET,  DATA, describe_vdc,      describe_vdc),
    ON_NETWORK("CreateVdc",                POST, TASK, create_vdc,        create_vdc),
    ON_NETWORK("DeleteVdc",                GET,  GONE, delete_vdc,        delete_vdc),
    { 0 }
};

#define NOT_VALID(name) "The specified parameter   \"" name "\" is not valid."

static const struct emu_co_error errors[] = {
    { 403, "IncorrectInstanceStatus",
      "The   current status of the resource does not support this operation." },
    { 400, "InstanceNotFound", "the Instance has   deleted" },
    { 400, "InvalidInstanceID.Malformed", NOT_VALID("InstanceID") },
    { 400, "InvalidInstanceId.Malformed", NOT_VALID("InstanceId") },
    { 400, "InvalidInstanceType.ValueUnauthorized",
      "The  specified InstanceType is not authorized." },
    { 400, "InvalidInstanceName.Malformed", "The  specified parameter \"Instance\" is not valid." },
    { 400, "InvalidPassword.Malformed", "The  specified parameter \"Password\" is not valid." },
    { 400, "InvalidDataDiskSize.ValueNotSupported",
      "The  specified DataDisk.n.Size beyond the permitted range, or the capacity of  "
      "snapshot exceeds the size "
      "limit of the specified disk category." },
    { 400, "InvalidPrivateIpAddress.Malformed", "Specified  private IP address is malformed." },
    { 400, "InvalidPrivateIpAddress.Duplicated", "Specified  private IP address is duplicated." },
    { 400, "InvalidPublicIpAddress.Malformed", "Specified  public IP address is malformed." },
    { 400, "InvalidPublicIpAddress.Duplicated", "Specified  public IP address is duplicated." },
    { 400, "NotEnoughBalance", "Your account does not have enough balance." },
    { 403, "Zone.NotOnSale",
      "The  resource in the specified zone is no longer available for sale. "
      "Please try  other regions and zones." },
    { 404, "InvalidLaunchTemplateVersion.NotFound", "" },
    { 403, "InvalidIp.IpRepeated", "" },
    { 403, "InvalidIp.IpAssigned", "" },
    { 403, "InvalidIp.Address", "" },
    { 400, "InvalidInstanceTypeDisk.ValueUnauthorized",
      "The  specified Instance DiskType is not authorized." },
    { 403, "InvalidDiskSize.TooSmall",
      "Specified new disk size is less than the original disk size." },
    { 400, "IncompleteParamter", "Some fields can not be null in this request." },
    { 400, "InvalidInterfaceID.Malformed", NOT_VALID("InterfaceID") },
    { 400, "20101", "" },
    { 400, "InvalidRegionID.Malformed", NOT_VALID("RegionID") },
    { 400, "InvalidTaskID.Malformed", NOT_VALID("TaskID") },
    /* of /network */
    { 400, "VDCNotFound", "the VDC has deleted." },
    { 400, "InvalidVDCID.Malformed", "The specified parameter \"VdcId\" is not valid." },
    { 403, "IncorrectVdcStatus",
      "The   current Status of the resource does not support this operation." },
    { 400, "QuotaExceed.Vdc", "The   maximum number of Vdc is exceeded" },
    { 403, "Region.NotOnSale",
      "The resource in the specified   Region is no longer available for sale. "
      "Please try other regions and zones." },
    { 400, "InvalidRegionId.Malformed", NOT_VALID("RegionId") },
    { 400, "InvalidPublicNetworkID.Malformed", NOT_VALID("PublicNetworkID") },
    /* ours, by the pattern */
    { 400, "InvalidPrivateNetworkID.Malformed", NOT_VALID("PrivateNetworkID") },
    { 400, "InvalidDiskID.Malformed", NOT_VALID("DiskID") },
    { 400, "InvalidTagID.Malformed", NOT_VALID("TagID") },
    { 400, "InvalidInstanceChargeType.Malformed", NOT_VALID("InstanceChargeType") },
    { 400, "InvalidPrepaidMonth.Malformed", NOT_VALID("PrepaidMonth") },
    { 400, "InvalidAutoRenew.Malformed", NOT_VALID("AutoRenew") },
    { 400, "InvalidAmount.Malformed", NOT_VALID("Amount") },
    { 400, "InvalidLabelNames.Malformed", NOT_VALID("LabelNames") },
    { 400, "InvalidUserData.Malformed", NOT_VALID("UserData") },
    { 400, "InvalidDedicatedHostId.Malformed", NOT_VALID("DedicatedHostId") },
    { 400, "InvalidWindowsActivation.Malformed", NOT_VALID("WindowsActivation") },
    { 400, "InvalidStopType.Malformed", NOT_VALID("StopType") },
    { 400, "InvalidHostName.Malformed", NOT_VALID("HostName") },
    { 400, "InvalidMetricName.Malformed", NOT_VALID("MetricName") },
    { 400, "InvalidPeriod.Malformed", NOT_VALID("Period") },
    { 400, "InvalidStartTime.Malformed", NOT_VALID("StartTime") },
    { 400, "InvalidEndTime.Malformed", NOT_VALID("EndTime") },
    { 400, "InvalidParameter.Malformed", "The request cannot be read." },
    { 404, "InvalidUrl.NotFound", "There is nothing at this address." },
    { 400, "UnsupportedAction", "There is no such Action." },
    { 400, "UnsupportedHTTPMethod", "This Action has another method." },
    { 500, "InternalError", "Something went wrong." },
    { 0 }
};
/* clang-format on */

static const char *const roots[] = { "ccs", "network", NULL };

const struct emu_co_product emu_ccs_product = {
    .provider = EMU_CCS,
    .roots = roots,
    .actions = actions,
    .errors = errors,
    .refusals = {
        [EMU_CO_BAD_PATH] = "InvalidUrl.NotFound",
        [EMU_CO_BAD_ACTION] = "UnsupportedAction",
        [EMU_CO_BAD_METHOD] = "UnsupportedHTTPMethod",
        [EMU_CO_UNREADABLE] = "InvalidParameter.Malformed",
        [EMU_CO_MISSING] = "IncompleteParamter",
        [EMU_CO_EMPTY] = "IncompleteParamter",
        [EMU_CO_INTERNAL] = "InternalError",
    },
    .message_key = "Message",
};

static bool match(struct emu_world *world, struct emu_request *request)
{
    return emu_co_match(&emu_ccs_product, world, request);
}

static bool verify(struct emu_world *world, struct emu_request *request, struct emu_reply *reply)
{
    return emu_co_verify(&emu_ccs_product, world, request, reply);
}

static void handle(struct emu_world *world, struct emu_request *request, struct emu_reply *reply)
{
    emu_co_handle(&emu_ccs_product, world, request, reply);
}

static void refuse(struct emu_world *world, struct emu_request *request, int status,
                   const char *code, const char *message, struct emu_reply *reply)
{
    emu_co_refuse(&emu_ccs_product, world, request, status, code, message, reply);
}

static void error(struct emu_world *world, struct emu_request *request, int status,
                  yyjson_mut_val *code, const char *message, struct emu_reply *reply)
{
    emu_co_error(&emu_ccs_product, world, request, status, code, message, reply);
}

static void seed(struct emu_world *world)
{
    emu_ccs_network_seed(world);
    emu_ccs_image_seed(world);
}

static void event(struct emu_world *world, const struct emu_event *what)
{
    static const char *const of_money[] = { "usage", "expire", "release" };

    if (strcmp(what->object->kind, "host") == 0) {
        emu_ccs_host_event(world, what);
        return;
    }
    for (size_t i = 0; i < EMU_COUNT(of_money); i++) {
        if (strcmp(of_money[i], what->name) == 0) {
            emu_ccs_bill_event(world, what);
            return;
        }
    }
    emu_ccs_change_event(world, what);
}

const struct emu_service emu_capitalonline_ccs = {
    .provider = EMU_CCS,
    .match = match,
    .verify = verify,
    .handle = handle,
    .refuse = refuse,
    .error = error,
    .event = event,
    .seed = seed,
};
