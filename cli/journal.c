/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the journal command, which lists and settles purchases. It also makes the calls of commands
 * that spend: they go through the journal when one is configured.
 */
#include "cli/journal_library.h"
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A copy of an entry or a finding; the row owns its texts. */
struct entry_row {
    const char *key;
    int attempt;
    const char *state, *operation, *provider, *region, *instance_id, *ids;
    struct cloud_money amount;
    int64_t written_at, sent_at, ended_at, expires_before, expires_after;
    const char *order_id, *task_id, *request_id, *who, *reason, *warning, *parameters;
};

struct finding_row {
    const char *cloud, *finding, *key, *instance_id, *message;
};

/* clang-format off */
#define T struct entry_row
static const struct ctl_field entry_fields[] = {
    CTL_F_TEXT(T, key, CTL_COLUMN),
    CTL_F_INT(T, attempt, CTL_COLUMN | CTL_RIGHT | CTL_MINOR),
    CTL_F_TEXT(T, state, CTL_COLUMN),
    CTL_F_TEXT(T, operation, CTL_COLUMN),
    CTL_F_TEXT(T, provider, CTL_COLUMN | CTL_MINOR),
    CTL_F_TEXT(T, region, 0),
    CTL_F_TEXT(T, instance_id, CTL_COLUMN),
    CTL_F_TEXT(T, ids, CTL_COLUMN),
    CTL_F_MONEY(T, amount, CTL_COLUMN | CTL_RIGHT),
    CTL_F_TIME(T, written_at, CTL_COLUMN | CTL_MINOR),
    CTL_F_TIME(T, sent_at, 0),
    CTL_F_TIME(T, ended_at, 0),
    CTL_F_TIME(T, expires_before, 0),
    CTL_F_TIME(T, expires_after, 0),
    CTL_F_TEXT(T, order_id, 0),
    CTL_F_TEXT(T, task_id, 0),
    CTL_F_TEXT(T, request_id, 0),
    CTL_F_TEXT(T, who, 0),
    CTL_F_TEXT(T, reason, CTL_COLUMN | CTL_WRAP),
    CTL_F_TEXT(T, warning, 0),
    CTL_F_TEXT(T, parameters, 0),
    { 0 }
};
static const struct ctl_type entry_type = { "entries", sizeof(T), entry_fields };
#undef T

#define T struct finding_row
static const struct ctl_field finding_fields[] = {
    CTL_F_TEXT(T, cloud, CTL_COLUMN),
    CTL_F_TEXT(T, finding, CTL_COLUMN),
    CTL_F_TEXT(T, key, CTL_COLUMN),
    CTL_F_TEXT(T, instance_id, CTL_COLUMN),
    CTL_F_TEXT(T, message, CTL_COLUMN | CTL_WRAP),
    { 0 }
};
static const struct ctl_type finding_type = { "findings", sizeof(T), finding_fields };
#undef T
/* clang-format on */

struct rows {
    const struct ctl_type *type;
    char *items;
    size_t count;
    const char *cloud; /* the cloud that is compared now */
    const char *key;   /* only entries of this key; NULL: all */
};

static void *add_row(struct rows *rows)
{
    size_t size = rows->type->size;

    if ((rows->count & (rows->count - 1)) == 0) /* full at every power of two */
        rows->items =
            ctl_checked(reallocarray(rows->items, rows->count ? rows->count * 2 : 1, size));
    memset(rows->items + rows->count * size, 0, size);
    return rows->items + rows->count++ * size;
}

static void free_rows(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        for (const struct ctl_field *field = rows->type->fields; field->name; field++) {
            char *text;

            memcpy(&text, rows->items + i * rows->type->size + field->at, sizeof(text));
            if (field->kind == CTL_TEXT)
                free(text);
        }
    }
    free(rows->items);
}

/* a copy; NULL for an empty text: the member has no value. The row owns it */
static const char *copy_text(const char *text)
{
    return text && *text ? ctl_strdup(text) : NULL;
}

/* A copy with the lines joined by spaces. */
static const char *one_line(const char *lines)
{
    size_t len = strlen(lines);
    char *text = ctl_format("%.*s", (int)(len ? len - 1 : 0), lines);

    for (char *c = text; *c; c++)
        if (*c == '\n')
            *c = ' ';
    return text;
}

static bool add_entry(const struct cloud_journal_entry *entry, void *user_data)
{
    const struct cloud_op_info *op = cloud_op_info(entry->op);
    struct entry_row *row = add_row(user_data);

    *row = (struct entry_row){
        .key = copy_text(entry->key),
        .attempt = entry->attempt,
        .state = copy_text(ctl_journal.state_name(entry->state)),
        .operation = copy_text(op ? op->name : ""),
        .provider = copy_text(entry->provider),
        .region = copy_text(entry->region),
        .instance_id = copy_text(entry->instance_id),
        .ids = copy_text(entry->ids),
        .amount = entry->amount,
        .written_at = entry->written_at,
        .sent_at = entry->sent_at,
        .ended_at = entry->ended_at,
        .expires_before = entry->expires_before,
        .expires_after = entry->expires_after,
        .order_id = copy_text(entry->order_id),
        .task_id = copy_text(entry->task_id),
        .request_id = copy_text(entry->request_id),
        .who = copy_text(entry->who),
        .reason = copy_text(entry->reason),
        .warning = copy_text(entry->warning),
        .parameters = one_line(entry->parameters),
    };
    return true;
}

static bool add_finding(const struct cloud_finding *finding, void *user_data)
{
    struct rows *rows = user_data;
    struct finding_row *row = add_row(rows);

    *row = (struct finding_row){ .cloud = copy_text(rows->cloud),
                                 .finding = copy_text(ctl_journal.finding_name(finding->kind)),
                                 .key = copy_text(finding->key),
                                 .instance_id = copy_text(finding->instance_id),
                                 .message = copy_text(finding->message) };
    return true;
}

static void print_rows(const struct ctl_options *options, const struct rows *rows,
                       const char *if_empty)
{
    ctl_rows_sort(options, rows->type, rows->items, rows->count);
    if (ctl_is_document(options)) {
        struct ctl_json *json = ctl_json_new();

        ctl_json_list(json, ctl_json_root(json), rows->type->name, rows->type, rows->items,
                      rows->count);
        ctl_json_print(json, options);
    } else if (rows->count == 0 && options->output != CTL_CSV) {
        puts(if_empty);
    } else {
        ctl_show_list(options, rows->type, rows->items, rows->count);
    }
}

static int open_journal(const struct ctl_options *options, struct cloud_journal **ret,
                        struct cloud_error *err)
{
    ctl_auto_free char *uri = NULL;
    int code = ctl_journal_uri(options, &uri, err);

    *ret = NULL;
    if (code == CLOUD_OK && uri)
        code = ctl_journal_load(err);
    if (code != CLOUD_OK || !uri)
        return code;
    return ctl_journal.open(uri, NULL, ret, err);
}

/* @journal may be NULL; the journal's library may be missing then */
static void close_journal(struct cloud_journal *journal)
{
    if (journal)
        ctl_journal.close(journal);
}

int ctl_spend(struct cloud_client *client, const struct ctl_options *options,
              struct cloud_result *ret, struct cloud_error *err)
{
    struct cloud_journal *journal = NULL;
    int code = CLOUD_OK;

    if (options->op->effect == CLOUD_SPENDS)
        code = open_journal(options, &journal, err);
    if (code != CLOUD_OK)
        return code;
    code = journal ? ctl_journal.call(journal, client, options->op->op, &options->params, ret, err)
                   : cloud_call(client, options->op->op, &options->params, ret, err);
    close_journal(journal);
    return code;
}

typedef int (*each_cloud_fn)(struct cloud_journal *journal, struct cloud_client *client,
                             struct rows *rows, struct cloud_error *err);

static int run_for_cloud(const struct ctl_options *options, const struct cloud_config *config,
                         const char *name, struct cloud_journal *journal, each_cloud_fn each,
                         struct rows *rows, struct cloud_error *err)
{
    struct cloud_client *client = NULL;
    int code = ctl_cloud_open(options, config, name, &client, err);

    rows->cloud = name ? name : "";
    if (code == CLOUD_OK)
        code = each(journal, client, rows, err);
    cloud_client_free(client);
    return code;
}

/* Runs @each for the chosen cloud, or for every configured cloud. */
static int run_for_clouds(const struct ctl_options *options, struct cloud_journal *journal,
                          each_cloud_fn each, struct rows *rows, struct cloud_error *err)
{
    const char *name = ctl_cloud_name(options);
    const struct cloud_config_cloud *cloud;
    struct cloud_config *config = NULL;
    int code = ctl_config_load(options, &config, err);

    if (code == CLOUD_OK && (name || !config))
        code = run_for_cloud(options, config, name, journal, each, rows, err);
    else
        for (size_t n = 0; code == CLOUD_OK && (cloud = cloud_config_cloud(config, n)); n++)
            code = run_for_cloud(options, config, cloud->name, journal, each, rows, err);
    cloud_config_free(config);
    return code;
}

static int resolve_one(struct cloud_journal *journal, struct cloud_client *client,
                       struct rows *rows, struct cloud_error *err)
{
    return ctl_journal.resolve(journal, client, rows->key, add_entry, rows, NULL, err);
}

static int report_one(struct cloud_journal *journal, struct cloud_client *client, struct rows *rows,
                      struct cloud_error *err)
{
    return ctl_journal.report(journal, client, add_finding, rows, err);
}

static const char *key_argument(const struct ctl_options *options)
{
    return options->extra_count ? options->extra[0] : NULL;
}

static int run_list(const struct ctl_options *options, struct cloud_journal *journal,
                    enum ctl_exit *status, struct cloud_error *err)
{
    struct rows rows = { .type = &entry_type };
    int code = ctl_journal.list(journal, NULL, add_entry, &rows, err);

    (void)status;
    if (code == CLOUD_OK)
        print_rows(options, &rows, "the journal is empty");
    free_rows(&rows);
    return code;
}

static int run_show(const struct ctl_options *options, struct cloud_journal *journal,
                    enum ctl_exit *status, struct cloud_error *err)
{
    struct rows rows = { .type = &entry_type };
    int code;

    (void)status;
    if (!key_argument(options))
        return ctl_refuse(err, CLOUD_EINVAL, "operation_key",
                          "journal show needs an operation key: cloudctl journal show KEY");
    code = ctl_journal.list(journal, key_argument(options), add_entry, &rows, err);
    if (code == CLOUD_OK && !rows.count)
        code = ctl_refuse(err, CLOUD_ENOTFOUND, "operation_key",
                          "the journal has no operation key \"%s\"; \"cloudctl journal list\" "
                          "shows all keys",
                          key_argument(options));
    if (code == CLOUD_OK && ctl_is_document(options))
        print_rows(options, &rows, "");
    for (size_t i = 0; code == CLOUD_OK && !ctl_is_document(options) && i < rows.count; i++)
        ctl_show_object(options, &entry_type, rows.items + i * entry_type.size);
    free_rows(&rows);
    return code;
}

static int run_resolve(const struct ctl_options *options, struct cloud_journal *journal,
                       enum ctl_exit *status, struct cloud_error *err)
{
    struct rows rows = { .type = &entry_type, .key = key_argument(options) };
    int code = run_for_clouds(options, journal, resolve_one, &rows, err);

    if (code == CLOUD_OK)
        print_rows(options, &rows, "every entry is settled");
    for (size_t i = 0; i < rows.count; i++)
        if (strcmp(((struct entry_row *)(void *)rows.items)[i].state, "unknown") == 0)
            *status = CTL_UNKNOWN;
    free_rows(&rows);
    return code;
}

/* The entry is settled, also when it cannot be shown afterwards. */
static void note_settled(const struct ctl_options *options)
{
    const struct cloud_result result = CLOUD_RESULT_INIT;
    const struct cloud_error err = { 0 };

    ctl_change_begin();
    ctl_change_end(options, &result, &err);
}

/* KEY STATE NOTE [IDS] */
static int run_settle(const struct ctl_options *options, struct cloud_journal *journal,
                      enum ctl_exit *status, struct cloud_error *err)
{
    const char **arguments = options->extra;
    enum cloud_journal_state state = CLOUD_JOURNAL_APPLIED;
    int code;

    if (options->extra_count < 3)
        return ctl_refuse(
            err, CLOUD_EINVAL, "operation_key",
            "journal settle needs an operation key, a state and a note: cloudctl journal settle "
            "KEY "
            "applied|not_applied NOTE [IDS]; the note says what was seen at the vendor");
    if (strcmp(arguments[1], ctl_journal.state_name(CLOUD_JOURNAL_NOT_APPLIED)) == 0)
        state = CLOUD_JOURNAL_NOT_APPLIED;
    else if (strcmp(arguments[1], ctl_journal.state_name(state)) != 0)
        return ctl_refuse(err, CLOUD_EINVAL, "",
                          "%s: an entry can be settled as applied or not_applied", arguments[1]);
    code = ctl_journal.settle(journal, arguments[0], state,
                              options->extra_count > 3 ? arguments[3] : NULL, arguments[2], err);
    if (code == CLOUD_OK)
        note_settled(options);
    return code == CLOUD_OK ? run_show(options, journal, status, err) : code;
}

static int run_report(const struct ctl_options *options, struct cloud_journal *journal,
                      enum ctl_exit *status, struct cloud_error *err)
{
    struct rows rows = { .type = &finding_type };
    int code = run_for_clouds(options, journal, report_one, &rows, err);

    if (code == CLOUD_OK)
        print_rows(options, &rows, "journal and cloud agree");
    if (rows.count)
        *status = CTL_FAILED;
    free_rows(&rows);
    return code;
}

/* The bytes of a line are those of its digest; only a terminal gets control characters as escapes.
 */
static bool print_line(const char *line, void *user_data)
{
    ctl_auto_free char *safe = isatty(STDOUT_FILENO) ? ctl_escape_controls(line) : NULL;

    (void)user_data;
    puts(safe ? safe : line);
    return true;
}

static int run_audit(const struct ctl_options *options, struct cloud_journal *journal,
                     enum ctl_exit *status, struct cloud_error *err)
{
    (void)options;
    (void)status;
    return ctl_journal.audit(journal, print_line, NULL, err);
}

static int run_verify(const struct ctl_options *options, struct cloud_journal *journal,
                      enum ctl_exit *status, struct cloud_error *err)
{
    char digest[CLOUD_DIGEST_MAX];
    int64_t lines = 0;
    int code = ctl_journal.verify(journal, &lines, digest, err);

    (void)status;
    if (code == CLOUD_OK && ctl_is_document(options)) {
        ctl_auto_free char *number = ctl_format("%lld", (long long)lines);
        struct ctl_json *json = ctl_json_new();

        ctl_json_raw(json, ctl_json_root(json), "lines", number);
        ctl_json_text(json, ctl_json_root(json), "digest", digest);
        ctl_json_print(json, options);
    } else if (code == CLOUD_OK)
        printf("%lld lines of the audit are unchanged; the digest of the last line is %s\n",
               (long long)lines, digest);
    return code;
}

static const struct {
    const char *name;
    size_t max_arguments;
    int (*run)(const struct ctl_options *options, struct cloud_journal *journal,
               enum ctl_exit *status, struct cloud_error *err);
} subcommands[] = {
    { "list", 0, run_list },     { "show", 1, run_show },     { "resolve", 1, run_resolve },
    { "settle", 4, run_settle }, { "report", 0, run_report }, { "audit", 0, run_audit },
    { "verify", 0, run_verify },
};

static int run(const struct ctl_options *options, enum ctl_exit *status, struct cloud_error *err)
{
    static const struct ctl_type *const types[] = { &entry_type, &finding_type };
    const char *name = options->argument ? options->argument : "list";
    struct cloud_journal *journal = NULL;
    size_t n = 0;
    int code;

    while (n < CTL_COUNT(subcommands) && strcmp(subcommands[n].name, name) != 0)
        n++;
    if (n == CTL_COUNT(subcommands))
        return ctl_refuse(
            err, CLOUD_EINVAL, "",
            "journal %s: the subcommand is list, show, resolve, settle, report, audit or "
            "verify",
            name);
    if (ctl_rows_check(options, types, CTL_COUNT(types), err) != CLOUD_OK)
        return err->code;
    if (options->extra_count > subcommands[n].max_arguments)
        return ctl_refuse(err, CLOUD_EINVAL, "", "'%s' is one argument too many after 'journal %s'",
                          options->extra[subcommands[n].max_arguments], name);
    code = open_journal(options, &journal, err);
    if (code == CLOUD_OK && !journal)
        code = ctl_refuse(err, CLOUD_ECONFIG, "journal",
                          "no journal is configured: give --journal sqlite:PATH, set "
                          "CLOUD_CLIENT_JOURNAL, or write \"journal:\" into clouds.yaml");
    if (code == CLOUD_OK)
        code = subcommands[n].run(options, journal, status, err);
    close_journal(journal);
    return code;
}

int ctl_journal_run(const struct ctl_options *options)
{
    struct cloud_error err = { 0 };
    enum ctl_exit status = CTL_DONE;

    if (run(options, &status, &err) != CLOUD_OK)
        return ctl_change_report(ctl_stop(options, &err)); /* settled, but not shown */
    return (int)status;
}
