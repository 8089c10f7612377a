/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parses YAML files into trees, from the events of the YAML library. This is the only file that
 * includes that library. Limits on bytes, nodes, depth and keys bound the time that any file takes.
 */
#include "core/config/yaml.h"
#include "core/base/error.h"
#include "core/base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <yaml.h>

enum {
    MAX_BYTES = 4 * 1024 * 1024,
    MAX_NODES = 100000,
    MAX_DEPTH = 16,
    MAX_KEYS = 2000, /* of one map */
    FILE_SHOWN = 200 /* bytes of a path in a message: its end, which has the file's name */
};

const char *cc_yaml_kind_name(enum cc_yaml_kind kind)
{
    switch (kind) {
    case CC_YAML_MAP: return "a map";
    case CC_YAML_LIST: return "a list";
    case CC_YAML_TEXT: break;
    }
    return "a text";
}

const struct cc_yaml_node *cc_yaml_find(const struct cc_yaml_node *map, const char *key)
{
    if (!map || map->kind != CC_YAML_MAP)
        return NULL;
    for (const struct cc_yaml_node *member = map->first; member; member = member->next)
        if (strcmp(member->key, key) == 0)
            return member;
    return NULL;
}

static void append_step(struct cc_buf *path, const char *key)
{
    cc_buf_printf(path, "%s%s", path->len > 0 ? "." : "", key);
}

/*
 * Appends "clouds.beijing.region" or "prices.NAME.disks[0].type". The recursion is as deep as the
 * tree, which is limited.
 */
static void append_path(struct cc_buf *path, const struct cc_yaml_node *node)
{
    if (!node || !node->parent)
        return;
    append_path(path, node->parent);
    if (node->key)
        append_step(path, node->key);
    else
        cc_buf_printf(path, "[%zu]", node->index);
}

static int vfail(const char *file, int line, const struct cc_yaml_node *node, const char *key,
                 struct cloud_error *err, const char *format, va_list args)
{
    cc_auto_buf struct cc_buf path = { 0 };
    char text[sizeof(err->message)];
    size_t length = strlen(file);

    if (!err)
        return CLOUD_ECONFIG;
    vsnprintf(text, sizeof(text), format, args);
    append_path(&path, node);
    if (key)
        append_step(&path, key);
    cc_fail(err, CLOUD_ECONFIG, "%s%s:%d: %.120s%s%s", length > FILE_SHOWN ? "..." : "",
            length > FILE_SHOWN ? file + length - FILE_SHOWN : file, line, cc_buf_text(&path),
            path.len > 0 ? ": " : "", text);
    CC_ERROR_SET(err->parameter, cc_buf_text(&path));
    return CLOUD_ECONFIG;
}

int cc_yaml_fail(const struct cc_yaml *yaml, const struct cc_yaml_node *node, const char *missing,
                 struct cloud_error *err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfail(yaml->path, node->line, node, missing, err, format, args);
    va_end(args);
    return CLOUD_ECONFIG;
}

int cc_yaml_expect(const struct cc_yaml *yaml, const struct cc_yaml_node *node,
                   enum cc_yaml_kind kind, struct cloud_error *err)
{
    bool empty = node->kind == CC_YAML_TEXT && (!node->text || !*node->text);

    if (empty)
        return cc_yaml_fail(yaml, node, NULL, err, "is empty; write %s, or take the key out",
                            kind == CC_YAML_TEXT ? "its value" : cc_yaml_kind_name(kind));
    if (node->kind != kind)
        return cc_yaml_fail(yaml, node, NULL, err, "is %s; write %s", cc_yaml_kind_name(node->kind),
                            cc_yaml_kind_name(kind));
    return CLOUD_OK;
}

bool cc_yaml_int(const char *text, int min, int max, int *ret_value)
{
    char *end = NULL;
    long value;

    if (!*text || text[strspn(text, "0123456789")])
        return false;
    errno = 0;
    value = strtol(text, &end, 10);
    if (errno || value < min || value > max)
        return false;
    *ret_value = (int)value;
    return true;
}

int cc_yaml_unknown(const struct cc_yaml *yaml, const struct cc_yaml_node *node,
                    const struct cc_nearest *nearest, struct cloud_error *err)
{
    const char *found = cc_nearest_found(nearest);

    if (!found)
        return cc_yaml_fail(yaml, node, NULL, err, "there is no such key here");
    return cc_yaml_fail(yaml, node, NULL, err, "there is no such key here; the nearest is '%s'",
                        found);
}

struct loader {
    struct cc_yaml *yaml;
    yaml_event_t *event;
    struct cc_yaml_node *into; /* the map or list that new nodes go into */
    const char *key;           /* of the member whose value is next; NULL: a key is next */
    int key_line;
    int depth;
    int documents;
    size_t nodes;
    struct cloud_error *err;
};

static int mark_line(const yaml_mark_t *mark)
{
    return mark->line < INT_MAX ? (int)mark->line + 1 : INT_MAX;
}

__attribute__((format(printf, 3, 4))) static int fail_at(const struct loader *loader, int line,
                                                         const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfail(loader->yaml->path, line, loader->into, loader->key, loader->err, format, args);
    va_end(args);
    return CLOUD_ECONFIG;
}

static int no_memory(const struct loader *loader)
{
    return cc_fail(loader->err, CLOUD_ENOMEM, "out of memory while reading %s", loader->yaml->path);
}

/* Adds the next value: the root, a member of a map or an element of a list. */
static int add(struct loader *loader, enum cc_yaml_kind kind, struct cc_yaml_node **ret_node)
{
    struct cc_yaml_node *node, *into = loader->into;
    int line = loader->key ? loader->key_line : mark_line(&loader->event->start_mark);

    if (++loader->nodes > MAX_NODES)
        return fail_at(loader, line, "is one value too many: a file may have %d; split the file",
                       MAX_NODES);
    node = cc_arena_alloc(loader->yaml->arena, sizeof(*node));
    if (!node)
        return no_memory(loader);
    *node = (struct cc_yaml_node){ .kind = kind, .line = line, .key = loader->key, .parent = into };
    loader->key = NULL;
    if (into && into->last) {
        node->index = into->last->index + 1;
        into->last->next = node;
        into->last = node;
    } else if (into) {
        into->first = into->last = node;
    } else {
        loader->yaml->root = node;
    }
    *ret_node = node;
    return CLOUD_OK;
}

static bool key_is_next(const struct loader *loader)
{
    return loader->into && loader->into->kind == CC_YAML_MAP && !loader->key;
}

static int take_key(struct loader *loader, const char *text)
{
    int line = mark_line(&loader->event->start_mark);
    const struct cc_yaml_node *first = cc_yaml_find(loader->into, text);

    if (!*text)
        return fail_at(loader, line, "a key is empty; write its name before the colon");
    loader->key_line = line;
    loader->key = cc_arena_strdup(loader->yaml->arena, text);
    if (!loader->key)
        return no_memory(loader);
    if (first)
        return fail_at(loader, line, "occurs twice, first on line %d; keep one of them",
                       first->line);
    if (loader->into->last && loader->into->last->index + 1 >= MAX_KEYS)
        return fail_at(loader, line, "is one key too many: a map may have %d; remove some",
                       MAX_KEYS);
    return CLOUD_OK;
}

static bool is_null(const char *text)
{
    static const char *const words[] = { "", "~", "null", "Null", "NULL" };

    for (size_t i = 0; i < CC_COUNT(words); i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

static int on_text(struct loader *loader)
{
    const char *text = (const char *)loader->event->data.scalar.value;
    struct cc_yaml_node *node = NULL;
    int r;

    if (strlen(text) != loader->event->data.scalar.length)
        return fail_at(loader, mark_line(&loader->event->start_mark), "has a zero byte; remove it");
    if (key_is_next(loader))
        return take_key(loader, text);
    r = add(loader, CC_YAML_TEXT, &node);
    if (r != CLOUD_OK)
        return r;
    if (loader->event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && is_null(text))
        return CLOUD_OK;
    node->text = cc_arena_strdup(loader->yaml->arena, text);
    return node->text ? CLOUD_OK : no_memory(loader);
}

static int on_start(struct loader *loader, enum cc_yaml_kind kind)
{
    int line = mark_line(&loader->event->start_mark);

    if (key_is_next(loader))
        return fail_at(loader, line, "a key is %s; keys are texts", cc_yaml_kind_name(kind));
    if (++loader->depth > MAX_DEPTH)
        return fail_at(loader, line, "is nested too deep; use at most %d levels", MAX_DEPTH);
    return add(loader, kind, &loader->into);
}

static int on_end(struct loader *loader)
{
    loader->depth--;
    loader->into = loader->into->parent;
    return CLOUD_OK;
}

static int on_document(struct loader *loader)
{
    if (++loader->documents > 1)
        return fail_at(loader, mark_line(&loader->event->start_mark),
                       "a second document begins; keep one in a file, without \"---\" between");
    return CLOUD_OK;
}

static int refuse_extras(struct loader *loader, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    int line = mark_line(&loader->event->start_mark);

    if (anchor)
        return fail_at(loader, line,
                       "anchors (&) and aliases (*) are not supported; write the value itself");
    if (tag)
        return fail_at(loader, line, "tags (!) are not supported; write the plain value");
    return CLOUD_OK;
}

static int on_event(struct loader *loader)
{
    const yaml_event_t *event = loader->event;
    int r;

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: return on_document(loader);
    case YAML_ALIAS_EVENT: return refuse_extras(loader, event->data.alias.anchor, NULL);
    case YAML_SCALAR_EVENT:
        r = refuse_extras(loader, event->data.scalar.anchor, event->data.scalar.tag);
        return r ? r : on_text(loader);
    case YAML_MAPPING_START_EVENT:
        r = refuse_extras(loader, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        return r ? r : on_start(loader, CC_YAML_MAP);
    case YAML_SEQUENCE_START_EVENT:
        r = refuse_extras(loader, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
        return r ? r : on_start(loader, CC_YAML_LIST);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: return on_end(loader);
    default: return CLOUD_OK;
    }
}

static int line_of(const char *text, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset && text[i]; i++)
        line += text[i] == '\n';
    return line;
}

/* Reader errors (invalid UTF-8, control characters) have an offset, all others have a line. */
static int syntax(const struct loader *loader, const yaml_parser_t *parser, const char *text)
{
    const char *problem = parser->problem ? parser->problem : "it cannot be parsed";

    if (parser->error == YAML_MEMORY_ERROR)
        return no_memory(loader);
    if (parser->error == YAML_READER_ERROR)
        return fail_at(loader, line_of(text, parser->problem_offset),
                       "is not YAML: %s; save the file as UTF-8", problem);
    return fail_at(loader, mark_line(&parser->problem_mark),
                   "is not YAML: %s; check quotes, brackets, colons and the indentation (no tabs)",
                   problem);
}

/* The YAML library frees its copies of the text without wiping them. This wipes those that can be
 * reached. */
static void wipe_event(yaml_event_t *event)
{
    if (event->type == YAML_SCALAR_EVENT)
        cc_wipe(event->data.scalar.value, event->data.scalar.length);
    yaml_event_delete(event);
}

static void wipe_parser(yaml_parser_t *parser)
{
    cc_wipe(parser->raw_buffer.start, (size_t)(parser->raw_buffer.end - parser->raw_buffer.start));
    cc_wipe(parser->buffer.start, (size_t)(parser->buffer.end - parser->buffer.start));
    yaml_parser_delete(parser);
}

static int read_events(struct loader *loader, yaml_parser_t *parser, const char *text)
{
    bool ended = false;

    while (!ended) {
        yaml_event_t event;
        int r;

        if (!yaml_parser_parse(parser, &event))
            return syntax(loader, parser, text);
        loader->event = &event;
        ended = event.type == YAML_STREAM_END_EVENT;
        r = on_event(loader);
        wipe_event(&event);
        if (r != CLOUD_OK)
            return r;
    }
    return CLOUD_OK;
}

static int parse(struct cc_yaml *yaml, const char *text, struct cloud_error *err)
{
    struct loader loader = { .yaml = yaml, .err = err };
    yaml_parser_t parser;
    int r;

    if (!yaml_parser_initialize(&parser))
        return no_memory(&loader);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    r = read_events(&loader, &parser, text);
    wipe_parser(&parser);
    if (r != CLOUD_OK)
        return r;
    if (!yaml->root)
        return fail_at(&loader, 1, "the file is empty; write at least one key");
    if (yaml->root->kind != CC_YAML_MAP)
        return fail_at(&loader, yaml->root->line,
                       "the file is %s; write keys, each with a colon after it",
                       cc_yaml_kind_name(yaml->root->kind));
    return CLOUD_OK;
}

static struct cc_yaml *new_yaml(const char *path)
{
    struct cc_arena *arena = cc_arena_new();
    struct cc_yaml *yaml = arena ? cc_arena_alloc(arena, sizeof(*yaml)) : NULL;

    if (yaml) {
        *yaml = (struct cc_yaml){ .path = cc_arena_strdup(arena, path), .arena = arena };
        if (yaml->path)
            return yaml;
    }
    cc_arena_free(arena);
    return NULL;
}

int cc_yaml_load(const char *path, struct cc_yaml **ret_yaml, struct cloud_error *err)
{
    struct cloud_error why = { .code = CLOUD_ENOMEM };
    char *text = cc_file_read_trusted(path, MAX_BYTES, CC_FILE_TRUSTED, &why);
    struct cc_yaml *yaml = text ? new_yaml(path) : NULL;
    int r;

    if (yaml)
        r = parse(yaml, text, err);
    else if (why.code == CLOUD_ENOMEM)
        r = cc_fail(err, CLOUD_ENOMEM, "%s cannot be read: out of memory", path);
    else
        r = cc_fail(err, CLOUD_ECONFIG, "%s %s", path, why.message);
    cc_free_secret(text);
    if (r == CLOUD_OK)
        *ret_yaml = yaml;
    else
        cc_yaml_free(yaml);
    return r;
}

void cc_yaml_free(struct cc_yaml *yaml)
{
    if (yaml)
        cc_arena_free(yaml->arena);
}
