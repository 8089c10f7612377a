/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal: what was spent, what became of it, and what is still open; and the way of every command
 * that spends, which goes through the journal where one is named.
 */
#include "cli/journal_library.h"
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An entry or a finding, copied: every text is its own. */
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
    const char *cloud; /* that is being looked at */
    const char *key;   /* only of this key; NULL: all */
};

static void *add_row(struct rows *rows)
{
    size_t size = rows->type->size;

    rows->items = ctl_checked(realloc(rows->items, (rows->count + 1) * size));
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

/* what is empty was not said */
static const char *said(const char *text)
{
    return text && *text ? ctl_strdup(text) : NULL;
}

/* a line each becomes one line */
static const char *one_line(const char *lines)
{
    size_t len = strlen(lines);
    char *text = ctl_format("%.*s", (int)(len ? len - 1 : 0), lines);

    for (char *c = text; *c; c++)
        if (*c == '\n')
            *c = ' ';
    return text;
}

static bool keep_entry(const struct cloud_journal_entry *entry, void *user_data)
{
    const struct cloud_op_info *op = cloud_op_info(entry->op);
    struct entry_row *row = add_row(user_data);

    *row = (struct entry_row){
        .key = said(entry->key),
        .attempt = entry->attempt,
        .state = said(ctl_journal.state_name(entry->state)),
        .operation = said(op ? op->name : ""),
        .provider = said(entry->provider),
        .region = said(entry->region),
        .instance_id = said(entry->instance_id),
        .ids = said(entry->ids),
        .amount = entry->amount,
        .written_at = entry->written_at,
        .sent_at = entry->sent_at,
        .ended_at = entry->ended_at,
        .expires_before = entry->expires_before,
        .expires_after = entry->expires_after,
        .order_id = said(entry->order_id),
        .task_id = said(entry->task_id),
        .request_id = said(entry->request_id),
        .who = said(entry->who),
        .reason = said(entry->reason),
        .warning = said(entry->warning),
        .parameters = one_line(entry->parameters),
    };
    return true;
}

static bool keep_finding(const struct cloud_finding *finding, void *user_data)
{
    struct rows *rows = user_data;
    struct finding_row *row = add_row(rows);

    *row = (struct finding_row){ .cloud = said(rows->cloud),
                                 .finding = said(ctl_journal.finding_name(finding->kind)),
                                 .key = said(finding->key),
                                 .instance_id = said(finding->instance_id),
                                 .message = said(finding->message) };
    return true;
}

static void print_rows(const struct ctl_options *options, const struct rows *rows,
                       const char *nothing)
{
    ctl_auto_free char *text = NULL;

    if (options->output == CTL_JSON) {
        struct ctl_json *json = ctl_json_new();

        ctl_json_list(json, ctl_json_root(json), rows->type->what, rows->type, rows->items,
                      rows->count);
        text = ctl_json_write(json);
        ctl_json_free(json);
        fputs(text, stdout);
    } else if (rows->count == 0) {
        puts(nothing);
    } else {
        ctl_show_list(rows->type, rows->items, rows->count);
    }
}

/* --journal, $CLOUD_CLIENT_JOURNAL, the configuration; NULL: none. Caller frees */
static int journal_uri(const struct ctl_options *options, char **ret, struct cloud_error *err)
{
    const char *named = options->journal ? options->journal : getenv("CLOUD_CLIENT_JOURNAL");
    struct cloud_config *config = NULL;
    int code = CLOUD_OK;

    *ret = NULL;
    if (!named || !*named) {
        code = ctl_clouds_load(options, &config, err);
        named = code == CLOUD_OK && config ? cloud_config_journal(config) : NULL;
    }
    if (code == CLOUD_OK && named && *named)
        *ret = ctl_strdup(named);
    cloud_config_free(config);
    return code;
}

static int open_journal(const struct ctl_options *options, struct cloud_journal **ret,
                        struct cloud_error *err)
{
    ctl_auto_free char *uri = NULL;
    int code = journal_uri(options, &uri, err);

    *ret = NULL;
    if (code == CLOUD_OK && uri)
        code = ctl_journal_load(err);
    if (code != CLOUD_OK || !uri)
        return code;
    return ctl_journal.open(uri, NULL, ret, err);
}

/* NULL is fine, and then the library need not be there */
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

char *ctl_journal_command(const struct ctl_options *options)
{
    ctl_auto_free char *uri = NULL;

    if (!options->op || options->op->effect != CLOUD_SPENDS ||
        journal_uri(options, &uri, NULL) != CLOUD_OK || !uri)
        return NULL;
    if (options->journal)
        return ctl_command_line(options, "--journal '%s' journal resolve", options->journal);
    return ctl_command_line(options, "journal resolve");
}

typedef int (*cloud_fn)(struct cloud_journal *journal, struct cloud_client *client,
                        struct rows *rows, struct cloud_error *err);

static int look_at(const struct ctl_options *options, const struct cloud_config *config,
                   const char *name, struct cloud_journal *journal, cloud_fn each,
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

/* the cloud that was named, or every configured one */
static int look_at_all(const struct ctl_options *options, struct cloud_journal *journal,
                       cloud_fn each, struct rows *rows, struct cloud_error *err)
{
    const char *named = options->cloud ? options->cloud : getenv("CLOUD_CLIENT_CLOUD");
    const struct cloud_config_cloud *cloud;
    struct cloud_config *config = NULL;
    int code = ctl_clouds_load(options, &config, err);

    if (code == CLOUD_OK && ((named && *named) || !config))
        code = look_at(options, config, named && *named ? named : NULL, journal, each, rows, err);
    else
        for (size_t n = 0; code == CLOUD_OK && (cloud = cloud_config_cloud(config, n)); n++)
            code = look_at(options, config, cloud->name, journal, each, rows, err);
    cloud_config_free(config);
    return code;
}

static int resolve_one(struct cloud_journal *journal, struct cloud_client *client,
                       struct rows *rows, struct cloud_error *err)
{
    return ctl_journal.resolve(journal, client, rows->key, keep_entry, rows, NULL, err);
}

static int report_one(struct cloud_journal *journal, struct cloud_client *client, struct rows *rows,
                      struct cloud_error *err)
{
    return ctl_journal.report(journal, client, keep_finding, rows, err);
}

static const char *second_word(const struct ctl_options *options)
{
    return options->word_count ? options->words[0] : NULL;
}

static int run_list(const struct ctl_options *options, struct cloud_journal *journal,
                    enum ctl_exit *status, struct cloud_error *err)
{
    struct rows rows = { .type = &entry_type };
    int code = ctl_journal.list(journal, NULL, keep_entry, &rows, err);

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
    if (!second_word(options))
        return ctl_refuse(err, CLOUD_EINVAL, "operation_key",
                          "journal show needs the key behind it");
    code = ctl_journal.list(journal, second_word(options), keep_entry, &rows, err);
    if (code == CLOUD_OK && !rows.count)
        code = ctl_refuse(err, CLOUD_ENOTFOUND, "operation_key", "the journal has no key \"%s\"",
                          second_word(options));
    if (code == CLOUD_OK && options->output == CTL_JSON)
        print_rows(options, &rows, "");
    for (size_t i = 0; code == CLOUD_OK && options->output != CTL_JSON && i < rows.count; i++)
        ctl_show_object(&entry_type, rows.items + i * entry_type.size);
    free_rows(&rows);
    return code;
}

static int run_resolve(const struct ctl_options *options, struct cloud_journal *journal,
                       enum ctl_exit *status, struct cloud_error *err)
{
    struct rows rows = { .type = &entry_type, .key = second_word(options) };
    int code = look_at_all(options, journal, resolve_one, &rows, err);

    if (code == CLOUD_OK)
        print_rows(options, &rows, "nothing is open");
    for (size_t i = 0; i < rows.count; i++)
        if (strcmp(((struct entry_row *)(void *)rows.items)[i].state, "unknown") == 0)
            *status = CTL_UNKNOWN;
    free_rows(&rows);
    return code;
}

/* KEY STATE NOTE [IDS] */
static int run_settle(const struct ctl_options *options, struct cloud_journal *journal,
                      enum ctl_exit *status, struct cloud_error *err)
{
    const char **words = options->words;
    enum cloud_journal_state state = CLOUD_JOURNAL_APPLIED;
    int code;

    if (options->word_count < 3)
        return ctl_refuse(
            err, CLOUD_EINVAL, "operation_key",
            "journal settle needs the key, applied or not_applied, and what was seen");
    if (strcmp(words[1], ctl_journal.state_name(CLOUD_JOURNAL_NOT_APPLIED)) == 0)
        state = CLOUD_JOURNAL_NOT_APPLIED;
    else if (strcmp(words[1], ctl_journal.state_name(state)) != 0)
        return ctl_refuse(err, CLOUD_EINVAL, "", "%s: a key is settled as applied or not_applied",
                          words[1]);
    code = ctl_journal.settle(journal, words[0], state, options->word_count > 3 ? words[3] : NULL,
                              words[2], err);
    return code == CLOUD_OK ? run_show(options, journal, status, err) : code;
}

static int run_report(const struct ctl_options *options, struct cloud_journal *journal,
                      enum ctl_exit *status, struct cloud_error *err)
{
    struct rows rows = { .type = &finding_type };
    int code = look_at_all(options, journal, report_one, &rows, err);

    if (code == CLOUD_OK)
        print_rows(options, &rows, "journal and cloud agree");
    if (rows.count)
        *status = CTL_FAILED;
    free_rows(&rows);
    return code;
}

static bool print_line(const char *line, void *user_data)
{
    (void)user_data;
    puts(line);
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
    if (code == CLOUD_OK && options->output == CTL_JSON)
        printf("{ \"lines\": %lld, \"digest\": \"%s\" }\n", (long long)lines, digest);
    else if (code == CLOUD_OK)
        printf("%lld lines, as they were written; the last has the digest %s\n", (long long)lines,
               digest);
    return code;
}

static const struct {
    const char *word;
    size_t words; /* behind it, at most */
    int (*run)(const struct ctl_options *options, struct cloud_journal *journal,
               enum ctl_exit *status, struct cloud_error *err);
} commands[] = {
    { "list", 0, run_list },     { "show", 1, run_show },     { "resolve", 1, run_resolve },
    { "settle", 4, run_settle }, { "report", 0, run_report }, { "audit", 0, run_audit },
    { "verify", 0, run_verify },
};

static int run(const struct ctl_options *options, enum ctl_exit *status, struct cloud_error *err)
{
    const char *word = options->argument ? options->argument : "list";
    struct cloud_journal *journal = NULL;
    size_t n = 0;
    int code;

    while (n < CTL_COUNT(commands) && strcmp(commands[n].word, word) != 0)
        n++;
    if (n == CTL_COUNT(commands))
        return ctl_refuse(err, CLOUD_EINVAL, "",
                          "journal %s: it is list, show, resolve, settle, report, audit or verify",
                          word);
    if (options->word_count > commands[n].words)
        return ctl_refuse(err, CLOUD_EINVAL, "",
                          "'%s' is one argument too many behind 'journal %s'",
                          options->words[commands[n].words], word);
    code = open_journal(options, &journal, err);
    if (code == CLOUD_OK && !journal)
        code = ctl_refuse(err, CLOUD_ECONFIG, "journal",
                          "no journal is named: --journal sqlite:PATH, $CLOUD_CLIENT_JOURNAL, or "
                          "\"journal:\" in clouds.yaml");
    if (code == CLOUD_OK)
        code = commands[n].run(options, journal, status, err);
    close_journal(journal);
    return code;
}

int ctl_journal_run(const struct ctl_options *options)
{
    struct cloud_error err = { 0 };
    enum ctl_exit status = CTL_DONE;

    if (run(options, &status, &err) != CLOUD_OK)
        return ctl_stop(options, &err);
    return (int)status;
}
