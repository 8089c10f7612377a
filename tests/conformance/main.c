/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the command line of cloud-conformance and runs the cases against the selected clouds. */
#include "tests/conformance/kit.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "include/cloud_emulator.h"

extern const struct kit_embedded {
    const char *provider;
    const char *facts;
} kit_embedded[]; /* generated from facts/ (embed.py); ends with a row of zeroes */

/* Makes the linker keep the emulator's library, to which proxy.c forwards requests. */
__attribute__((used)) static const __typeof__(&cloud_emulator_listen) emulator =
    cloud_emulator_listen;

static const char usage[] =
    "cloud-conformance: checks that a cloud's provider does what every provider must do\n\n"
    "  cloud-conformance [--cloud PROVIDER]                    every provider, or one, with the "
    "emulator in this process\n"
    "  cloud-conformance --config clouds.yaml --cloud NAME     a configured cloud\n\n"
    "  --config FILE       clouds.yaml\n"
    "  --cloud NAME        a cloud of that file; without --config, a provider\n"
    "  --real              the cloud is a real account: no emulator and no faults; new instances "
    "are deleted or listed at the end\n"
    "  --max-charge MONEY  with --real: limit for all purchases together (\"10 CNY\"); without it "
    "nothing is bought\n"
    "  --emulator URL      for the endpoint \"emulator:\": uses your own emulator that listens at "
    "URL\n"
    "  --facts FILE        facts from the vendor's documents, as JSON "
    "(docs/extend/conformance.md)\n"
    "  --plugin FILE       loads a provider first\n"
    "  --only ID           runs one case, the cases that match a pattern, or those of an "
    "operation\n"
    "  --list              lists the cases, with what must hold and why, and runs none\n"
    "  --junit FILE        writes the report as JUnit XML\n"
    "  --json FILE         writes the report as JSON\n"
    "  --verbose           prints every case when it ends\n"
    "  --help              prints this text\n\n"
    "exit: 0 no case failed, 1 a case failed, 2 the command line or the configuration is wrong\n";

static void record_line(enum cloud_log_level level, const char *line, void *user_data);

static int make_client(struct kit *kit, struct cloud_client **ret, struct cloud_error *err)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    int rc;

    options.provider = kit->provider;
    options.region = kit_fact_text(kit, "region");
    options.endpoint = "emulator:";
    rc = kit->file ? cloud_config_client(kit->file, kit->cloud, ret, err)
                   : cloud_client_new(&options, ret, err);
    if (!rc)
        cloud_client_set_log(*ret, record_line, kit);
    return rc;
}

static void record_line(enum cloud_log_level level, const char *line, void *user_data)
{
    (void)level;
    kit_record(user_data, line);
}

static int fail(const char *format, const char *what, const char *why)
{
    fputs("cloud-conformance: ", stderr);
    fprintf(stderr, "%s%s%s%s\n", format, what ? what : "", why ? ": " : "", why ? why : "");
    return 2;
}

static int read_money(struct kit_options *options, const char *text)
{
    char amount[64];
    const char *space = strchr(text, ' ');

    snprintf(amount, sizeof(amount), "%.*s", space ? (int)(space - text) : (int)strlen(text), text);
    return cloud_money_parse(amount, space ? space + 1 : "CNY", &options->max_charge, NULL);
}

static int read_options(int argc, char **argv, struct kit_options *ret)
{
    static const struct option rows[] = {
        { "config", required_argument, NULL, 'c' },
        { "cloud", required_argument, NULL, 'n' },
        { "real", no_argument, NULL, 'r' },
        { "max-charge", required_argument, NULL, 'm' },
        { "emulator", required_argument, NULL, 'e' },
        { "facts", required_argument, NULL, 'f' },
        { "plugin", required_argument, NULL, 'p' },
        { "only", required_argument, NULL, 'o' },
        { "list", no_argument, NULL, 'l' },
        { "junit", required_argument, NULL, 'u' },
        { "json", required_argument, NULL, 'j' },
        { "verbose", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int c;

    while ((c = getopt_long(argc, argv, "", rows, NULL)) != -1) {
        switch (c) {
        case 'c': ret->config = optarg; break;
        case 'n': ret->cloud = optarg; break;
        case 'r': ret->real = true; break;
        case 'e': ret->emulator = optarg; break;
        case 'f': ret->facts = optarg; break;
        case 'p': ret->plugin = optarg; break;
        case 'o': ret->only = optarg; break;
        case 'l': ret->list = true; break;
        case 'u': ret->junit = optarg; break;
        case 'j': ret->json = optarg; break;
        case 'v': ret->verbose = true; break;
        case 'm':
            if (read_money(ret, optarg))
                return fail("--max-charge must be an amount like \"10 CNY\", not ", optarg, NULL);
            break;
        case 'h': fputs(usage, stdout); exit(0);
        default: return 2;
        }
    }
    if (optind < argc)
        return fail("unexpected argument (see --help): ", argv[optind], NULL);
    if (ret->real && !ret->config)
        return fail("--real needs a real account: add --config and --cloud", NULL, NULL);
    if (ret->max_charge.currency[0] && !ret->real)
        return fail("--max-charge needs --real; without it nothing costs money", NULL, NULL);
    if (ret->real && ret->emulator)
        return fail("--real and --emulator exclude each other; remove one", NULL, NULL);
    return 0;
}

static char *file_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t length = 0;

    if (file && getdelim(&text, &length, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    if (file)
        fclose(file);
    return text;
}

static int load_facts(struct kit *kit)
{
    ctl_auto_free char *own = NULL;
    const char *text = NULL;
    yyjson_read_err why = { 0 };

    for (const struct kit_embedded *row = kit_embedded; row->provider; row++) {
        if (!strcmp(row->provider, kit->provider))
            text = row->facts;
    }
    if (kit->options.facts && !(own = file_text(kit->options.facts)))
        return fail("cannot read ", kit->options.facts, strerror(errno));
    text = own ? own : text;
    if (!text)
        return 0;
    kit->facts_doc = yyjson_read_opts((char *)(uintptr_t)text, strlen(text), 0, NULL, &why);
    if (!kit->facts_doc)
        return fail("the facts are not JSON: ",
                    kit->options.facts ? kit->options.facts : kit->provider, why.msg);
    kit->facts = yyjson_doc_get_root(kit->facts_doc);
    return 0;
}

static void run_cases(struct kit *kit)
{
    static void (*const groups[])(struct kit * kit) = {
        kit_cases_support, kit_cases_life,   kit_cases_params, kit_cases_facts,
        kit_cases_money,   kit_cases_faults, kit_cases_reads,  kit_cases_redaction,
    };

    for (size_t i = 0; i < KIT_COUNT(groups); i++) {
        kit_empty_world(kit);
        groups[i](kit);
    }
}

static void clear_cloud(struct kit *kit)
{
    kit_delete_all(kit, kit->options.real);
    cloud_client_free(kit->client);
    yyjson_doc_free(kit->facts_doc);
    for (size_t i = 0; i < kit->text_count; i++)
        free(kit->texts[i]);
    free(kit->texts);
    free(kit->log);
    kit->client = NULL;
    kit->facts_doc = NULL;
    kit->facts = NULL;
    kit->texts = NULL;
    kit->log = NULL;
    kit->text_count = kit->log_length = kit->log_capacity = 0;
}

/* Finds out what the cloud's endpoint allows, and runs the cases with the client. */
static void run_cloud(struct kit *kit, const char *name, const char *endpoint)
{
    ctl_auto_free char *answer = NULL;

    kit_run_new(kit, name, kit->provider);
    kit->wire_seen = endpoint && !strncmp(endpoint, "emulator:", 9) && !kit->options.real;
    kit->own_world = kit->wire_seen && (kit->options.emulator || !strcmp(endpoint, "emulator:") ||
                                        !strcmp(endpoint, "emulator::memory:"));
    kit_clock_skip_waits(kit->wire_seen, !kit->options.emulator);
    answer = kit->wire_seen ? kit_proxy_control("GET", "ledger", NULL) : NULL;
    kit->has_control = answer != NULL;
    kit_proxy_reset();
    run_cases(kit);
    clear_cloud(kit);
}

static int run_configured(struct kit *kit)
{
    struct cloud_config *config = NULL;
    const struct cloud_config_cloud *cloud = NULL;
    struct cloud_error err;
    int rc = 2;

    if (cloud_config_load(kit->options.config, &config, &err))
        return fail("", err.message, NULL);
    for (size_t n = 0; (cloud = cloud_config_cloud(config, n)); n++) {
        if (!kit->options.cloud || !strcmp(cloud->name, kit->options.cloud))
            break;
    }
    if (!cloud) {
        fail("the configuration has no cloud ", kit->options.cloud ? kit->options.cloud : "at all",
             NULL);
    } else {
        kit->file = config;
        kit->cloud = cloud->name;
        kit->provider = cloud->provider;
        kit->no_defaults = false;
        if (load_facts(kit)) {
            rc = 2;
        } else if (make_client(kit, &kit->client, &err)) {
            fail("", err.message, NULL);
            yyjson_doc_free(kit->facts_doc);
        } else {
            run_cloud(kit, cloud->name, cloud->endpoint);
            rc = 0;
        }
    }
    cloud_config_free(config);
    return rc;
}

static int run_embedded(struct kit *kit, const char *provider)
{
    struct cloud_error err;

    kit->provider = provider;
    kit->no_defaults = true;
    if (load_facts(kit))
        return 2;
    if (make_client(kit, &kit->client, &err)) {
        yyjson_doc_free(kit->facts_doc);
        return fail("", err.message, NULL);
    }
    run_cloud(kit, provider, "emulator:");
    return 0;
}

static int run_all_embedded(struct kit *kit)
{
    const char *name;
    bool found = false;
    int rc = 0;

    for (size_t n = 0; !rc && (name = cloud_provider_name(n)); n++) {
        if (kit->options.cloud && strcmp(kit->options.cloud, name))
            continue;
        found = true;
        rc = run_embedded(kit, name);
    }
    return found ? rc : fail("there is no provider ", kit->options.cloud, NULL);
}

int main(int argc, char **argv)
{
    struct kit kit = { .make_client = make_client };
    struct cloud_error err;
    size_t failed = 0;
    int rc = read_options(argc, argv, &kit.options);

    if (rc)
        return rc;
    kit_proxy_use(kit.options.emulator);
    if (kit.options.plugin && cloud_provider_load(kit.options.plugin, &err))
        return fail("", err.message, NULL);
    rc = kit.options.config ? run_configured(&kit) : run_all_embedded(&kit);
    if (!rc && !kit.options.list)
        kit_report_people(&kit);
    if (!rc && kit.options.junit && kit_report_junit(&kit, kit.options.junit))
        rc = fail("cannot write ", kit.options.junit, strerror(errno));
    if (!rc && kit.options.json && kit_report_json(&kit, kit.options.json))
        rc = fail("cannot write ", kit.options.json, strerror(errno));
    for (const struct kit_run *run = kit.runs; run; run = run->next)
        failed += run->counts[KIT_FAILED];
    kit_report_free(&kit);
    kit_proxy_end();
    return rc ? rc : failed > 0;
}
