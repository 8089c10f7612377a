/* SPDX-License-Identifier: Apache-2.0 */
/* Tests images, interfaces, elastic IPs and disks of JD Cloud's emulator. */
#include "tests/emulator/jdcloud_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *image_path(const char *id, const char *action)
{
    static char ret[128];

    snprintf(ret, sizeof(ret), "v1/images/%s%s", id, action);
    return ret;
}

static void as_other(struct jd_client *c)
{
    assert_int_equal(cloud_emulator_add_key(c->emulator, "other", "its-secret"), 0);
    c->key_id = "other";
    c->secret = "its-secret";
}

static void as_demo(struct jd_client *c)
{
    c->key_id = CLOUD_EMULATOR_KEY_ID;
    c->secret = CLOUD_EMULATOR_KEY_SECRET;
}

static void make_image(struct jd_client *c, char id[64], char image[64])
{
    jd_create(c, SPEC("}"), id);
    jd_advance(c, 2);
    assert_int_equal(
        jd_call(c, "vm", "POST", jd_path_of(id, ":createImage"), "{\"name\":\"mine\"}"), 200);
    snprintf(image, 64, "%s", jd_text(c, "/result/imageId"));
}

static void test_image__is_created_used_and_deleted(void **state)
{
    struct jd_client *c = *state;
    char id[64], image[64];

    make_image(c, id, image);
    jd_call(c, "vm", "GET", image_path(image, ""), NULL);
    assert_string_equal(jd_text(c, "/result/image/status"), "pending");
    assert_string_equal(jd_text(c, "/result/image/imageSource"), "private");
    assert_int_equal(jd_act(c, id, ":stopInstance"), 400); /* busy with its image */
    jd_advance(c, 2);
    jd_call(c, "vm", "GET", "v1/images?imageSource=private", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 1);
    assert_string_equal(jd_text(c, "/result/images/0/status"), "ready");
    assert_int_equal(jd_act(c, id, ":stopInstance"), 200);
    jd_advance(c, 2);
    assert_int_equal(
        jd_call(c, "vm", "POST", jd_path_of(id, ":rebuildInstance"), "{\"imageId\":\"%s\"}", image),
        200);
    jd_advance(c, 2);
    assert_int_equal(jd_call(c, "vm", "DELETE", image_path(image, ""), NULL), 200);
    jd_advance(c, 2);
    assert_int_equal(jd_call(c, "vm", "GET", image_path(image, ""), NULL), 404);
    assert_int_equal(jd_call(c, "vm", "DELETE", image_path("img-demoubuntu22", ""), NULL), 403);
}

static void test_image__sharing_shows_it_to_others(void **state)
{
    struct jd_client *c = *state;
    char id[64], image[64];

    make_image(c, id, image);
    jd_advance(c, 2);
    as_other(c);
    assert_int_equal(jd_call(c, "vm", "GET", image_path(image, ""), NULL), 404);
    as_demo(c);
    assert_int_equal(jd_call(c, "vm", "POST", image_path(image, ":share"), "{\"pins\":[\"%s\"]}",
                             CLOUD_EMULATOR_KEY_ID),
                     400);
    assert_int_equal(
        jd_call(c, "vm", "POST", image_path(image, ":share"), "{\"pins\":[\"other\"]}"), 200);
    jd_call(c, "vm", "GET", image_path(image, "/members"), NULL);
    assert_string_equal(jd_text(c, "/result/pins/0"), "other");
    assert_int_equal(jd_call(c, "vm", "DELETE", image_path(image, ""), NULL), 400);
    as_other(c);
    jd_call(c, "vm", "GET", "v1/images?imageSource=shared", NULL);
    assert_string_equal(jd_text(c, "/result/images/0/imageId"), image);
    assert_int_equal(jd_call(c, "vm", "POST", image_path(image, ":modifyImageAttribute"),
                             "{\"name\":\"stolen\"}"),
                     403);
    as_demo(c);
    assert_int_equal(
        jd_call(c, "vm", "POST", image_path(image, ":unshare"), "{\"pins\":[\"other\"]}"), 200);
    assert_int_equal(jd_call(c, "vm", "DELETE", image_path(image, ""), NULL), 200);
}

static void test_image__copies_and_constraints(void **state)
{
    struct jd_client *c = *state;
    char id[64], image[64];

    make_image(c, id, image);
    jd_advance(c, 2);
    assert_int_equal(jd_call(c, "vm", "POST", "v1/images:copyImages",
                             "{\"sourceImageIds\":[\"%s\"],\"destinationRegion\":\"cn-mars-1\"}",
                             image),
                     400);
    assert_int_equal(jd_call(c, "vm", "POST", "v1/images:copyImages",
                             "{\"sourceImageIds\":[\"%s\"],\"destinationRegion\":\"cn-south-1\"}",
                             image),
                     200);
    assert_string_equal(jd_text(c, "/result/copyImages/0/sourceImageId"), image);
    c->region = "cn-south-1";
    jd_call(c, "vm", "GET", "v1/images?imageSource=private", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 1);
    jd_call(c, "vm", "GET", "v1/images/img-demowin2019x/constraints", NULL);
    assert_string_equal(
        jd_text(c, "/result/imageConstraints/imageInstanceTypeConstraint/instanceTypes/0"),
        "g.s1.micro");
    jd_call(c, "vm", "GET", "v1/imageConstraints?ids.1=img-demowin2019x&ids.2=img-demoubuntu22",
            NULL);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/result/imageConstraints")), 2);
    assert_int_equal(jd_call(c, "vm", "GET", "v1/images", NULL), 400); /* imageSource or ids */
    jd_call(c, "vm", "GET", "v1/images?imageSource=public&platform=Ubuntu&rootDeviceType=cloudDisk",
            NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 2);
    jd_call(c, "vm", "GET", "v1/images?imageSource=public&offline=True", NULL);
    assert_string_equal(jd_text(c, "/result/images/0/imageId"), "img-demoold1404x");
}

/* Each case differs in one member: a local disk, an offline image, a type that the image excludes.
 */
static void test_image__must_suit_the_type(void **state)
{
    static const struct {
        const char *type, *image;
        int status;
    } cases[] = {
        { "g.n1.medium", "img-demolocal20x", 200 }, { "g.n2.medium", "img-demolocal20x", 400 },
        { "g.n2.medium", "img-demoold1404x", 400 }, { "g.s1.micro", "img-demowin2019x", 400 },
        { "g.n2.medium", "img-demowin2019x", 200 }, { "g.n2.medium", "img-none", 404 },
        { "g.n9.medium", "img-demoubuntu22", 400 },
    };
    struct jd_client *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        jd_call(c, "vm", "POST", "v1/instances",
                "{\"instanceSpec\":{\"name\":\"vm\",\"az\":\"cn-north-1a\",\"instanceType\":\"%s\","
                "\"imageId\":\"%s\"," NETWORK "}}",
                cases[i].type, cases[i].image);
        if (c->status != cases[i].status)
            fail_msg("%s on %s: %d", cases[i].image, cases[i].type, c->status);
    }
}

static void test_network__interfaces_are_created_and_deleted(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    jd_at_once(c);
    jd_create(c, SPEC("}"), id);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":attachNetworkInterface"),
                             "{\"networkInterfaceId\":\"port-demo000002\"}"),
                     400);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":attachNetworkInterface"),
                             "{\"networkInterfaceId\":\"port-demo000001\"}"),
                     200);
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    assert_string_equal(
        jd_text(
            c, "/result/instance/secondaryNetworkInterfaces/0/networkInterface/networkInterfaceId"),
        "port-demo000001");
    assert_int_equal(
        jd_call(
            c, "vm", "POST", jd_path_of(id, ":modifyInstanceNetworkAttribute"),
            "{\"networks\":[{\"networkInterfaceId\":\"port-demo000001\",\"autoDelete\":true}]}"),
        200);
    jd_call(c, "vm", "GET",
            "v1/instances?filters.1.name=networkInterfaceId&filters.1.values.1=port-demo000001",
            NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 1);
    assert_true(yyjson_get_bool(yyjson_doc_ptr_get(
        c->json, "/result/instances/0/secondaryNetworkInterfaces/0/autoDelete")));
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":detachNetworkInterface"),
                             "{\"networkInterfaceId\":\"port-demo000001\"}"),
                     200);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":detachNetworkInterface"),
                             "{\"networkInterfaceId\":\"port-demo000001\"}"),
                     400);
}

static void test_network__elastic_ip_is_bound_once(void **state)
{
    struct jd_client *c = *state;
    char id[64], address[64];

    jd_at_once(c);
    jd_create(c, SPEC(",\"elasticIp\":{\"bandwidthMbps\":5,\"provider\":\"bgp\"}}"), id);
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    snprintf(address, sizeof(address), "%s", jd_text(c, "/result/instance/elasticIpAddress"));
    assert_string_equal(address, jd_text(c, "/result/instance/primaryNetworkInterface/"
                                            "networkInterface/primaryIp/elasticIpAddress"));
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":associateElasticIp"),
                             "{\"elasticIpId\":\"fip-demo000001\"}"),
                     400);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":disassociateElasticIp"),
                             "{\"elasticIpId\":\"fip-none\"}"),
                     404);
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":disassociateElasticIp"),
                             "{\"elasticIpId\":\"%s\"}",
                             jd_text(c, "/result/instance/elasticIpId")),
                     200);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":associateElasticIp"),
                             "{\"elasticIpId\":\"fip-demo000001\"}"),
                     200);
    jd_call(c, "vm", "GET", "v1/instances", NULL);
    assert_string_equal(jd_text(c, "/result/instances/0/elasticIpId"), "fip-demo000001");
}

static void test_disk__prepaid_recycled_and_failed(void **state)
{
    struct jd_client *c = *state;
    char disk[64], path[128];
    static const char body[] =
        "{\"diskSpec\":{\"az\":\"cn-north-1a\",\"name\":\"data\",\"diskType\":\"ssd.gp1\","
        "\"diskSizeGB\":20%s},\"maxCount\":1,\"clientToken\":\"%s\"}";

    jd_at_once(c);
    jd_call(c, "disk", "POST", "v1/disks", body,
            ",\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeDuration\":1}", "a");
    snprintf(path, sizeof(path), "v1/disks/%s", jd_text(c, "/result/diskIds/0"));
    assert_int_equal(jd_call(c, "disk", "DELETE", path, NULL), 400);
    jd_call(c, "disk", "POST", "v1/disks", body, "", "b");
    snprintf(disk, sizeof(disk), "%s", jd_text(c, "/result/diskIds/0"));
    snprintf(path, sizeof(path), "v1/disks/%s?putInRecycleBin=True", disk);
    assert_int_equal(jd_call(c, "disk", "DELETE", path, NULL), 200);
    snprintf(path, sizeof(path), "v1/disks/%s", disk);
    jd_call(c, "disk", "GET", path, NULL);
    assert_string_equal(jd_text(c, "/result/disk/status"), "in-recyclebin");
    jd_control(c, "POST", "timeline", "{\"transition\":\"create_disk\",\"outcome\":\"error\"}");
    jd_call(c, "disk", "POST", "v1/disks", body, "", "c");
    snprintf(path, sizeof(path), "v1/disks/%s", jd_text(c, "/result/diskIds/0"));
    jd_call(c, "disk", "GET", path, NULL);
    assert_string_equal(jd_text(c, "/result/disk/status"), "error_create");
    assert_int_equal(jd_call(c, "disk", "POST", "v1/disks", body, "", "b"), 200);
    assert_string_equal(jd_text(c, "/result/diskIds/0"), disk);
    assert_int_equal(jd_call(c, "disk", "PATCH", path, "{}"), 400);
    assert_int_equal(jd_call(c, "disk", "PATCH", path, "{\"name\":\"renamed\"}"), 200);
}

static void test_disk__system_disk_is_grown_detached(void **state)
{
    struct jd_client *c = *state;
    char id[64], disk[64], path[128];

    jd_at_once(c);
    jd_create(c, SPEC("}"), id);
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    snprintf(disk, sizeof(disk), "%s", jd_text(c, "/result/instance/systemDisk/cloudDisk/diskId"));
    snprintf(path, sizeof(path), "v1/disks/%s:extend", disk);
    assert_int_equal(
        jd_call(c, "vm", "POST", jd_path_of(id, ":detachDisk"), "{\"diskId\":\"%s\"}", disk), 400);
    assert_int_equal(jd_act(c, id, ":stopInstance"), 200);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":80}"), 400);
    assert_int_equal(
        jd_call(c, "vm", "POST", jd_path_of(id, ":detachDisk"), "{\"diskId\":\"%s\"}", disk), 200);
    assert_int_equal(jd_act(c, id, ":startInstance"), 400); /* no system disk */
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":80}"), 200);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":attachDisk"),
                             "{\"diskId\":\"%s\",\"deviceName\":\"vda\"}", disk),
                     200);
    assert_int_equal(jd_act(c, id, ":startInstance"), 200);
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    assert_string_equal(jd_text(c, "/result/instance/status"), "running");
    assert_int_equal(jd_int(c, "/result/instance/systemDisk/cloudDisk/diskSizeGB"), 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JD_WORLD(test_image__is_created_used_and_deleted),
        JD_WORLD(test_image__sharing_shows_it_to_others),
        JD_WORLD(test_image__copies_and_constraints),
        JD_WORLD(test_image__must_suit_the_type),
        JD_WORLD(test_network__interfaces_are_created_and_deleted),
        JD_WORLD(test_network__elastic_ip_is_bound_once),
        JD_WORLD(test_disk__prepaid_recycled_and_failed),
        JD_WORLD(test_disk__system_disk_is_grown_detached),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
