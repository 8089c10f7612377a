/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud_client: providers, built in or loaded. The one header that a provider is written against:
 * the three built-in ones include it and nothing more of the library, and a shared object built
 * against it is loaded by cloud_provider_load() or by "providers:" in clouds.yaml.
 * docs/extend/adding-a-provider.md walks through one.
 *
 * A vendor is rows in tables, and hooks for what rows cannot say. Three kinds of table describe it:
 *   actions   what the vendor calls a request, and where each of its parameters goes (one row an
 * action); steps     which of our parameters feed an action, and which members of the answer fill
 * our result; words     what the vendor calls a state, a charge mode, an error. An operation is one
 * or more steps. The engine builds, signs, sends, retries, reads and maps; it knows no vendor.
 *
 * Names: rows and helpers of this language begin with cc_ and CC_; the library exports the helpers
 * as cloud_cc_..., so that whatever a process finds of ours by name begins with cloud_.
 *
 * What may change: struct cloud_provider grows at its end, and says by its size how far it goes;
 * operations are added at the end of their list, and op_count says how many rows there are. A
 * change of any other struct is another CLOUD_PROVIDER_VERSION. So a provider that was built
 * against an older header of the same version loads.
 */
#ifndef CLOUD_PROVIDER_H
#define CLOUD_PROVIDER_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cloud_client.h"

/** Of the row language below; the library refuses any other. */
#define CLOUD_PROVIDER_VERSION 1

/* the name under which the library exports a helper */
#define CC_AS(name) __asm__("cloud_" #name)

#define CC_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define cc_auto_free __attribute__((cleanup(cc_free_pointer)))
#define cc_auto_buf __attribute__((cleanup(cc_buf_clear)))
#define cc_take(pointer) \
    ({ \
        __typeof__(pointer) *cc_take_from_ = &(pointer); \
        __typeof__(pointer) cc_taken_ = *cc_take_from_; \
        *cc_take_from_ = NULL; \
        cc_taken_; \
    })

/* frees *(void **)pointer: for cc_auto_free */
CLOUD_API void cc_free_pointer(void *pointer) CC_AS(cc_free_pointer);

/* writable zero bytes behind the end of every buffer that holds memory: a NUL, and what the JSON
 * reader wants */
#define CC_BUF_SPARE 8

/*
 * A growing byte buffer, always NUL-terminated behind its end (data is NULL until something was
 * added). A failure (ceiling, memory) sticks; memory is wiped before it is let go. Zeroes are an
 * empty buffer without ceiling.
 */
struct cc_buf {
    char *data;
    size_t len;
    size_t cap;
    size_t max; /* most bytes it may hold; 0: no ceiling */
    bool failed;
};
CLOUD_API void cc_buf_init(struct cc_buf *buf, size_t max) CC_AS(cc_buf_init);
CLOUD_API void cc_buf_clear(struct cc_buf *buf) CC_AS(cc_buf_clear);
CLOUD_API void cc_buf_reset(struct cc_buf *buf)
    CC_AS(cc_buf_reset); /* empties, keeps the memory and clears the failure */
CLOUD_API void cc_buf_add(struct cc_buf *buf, const void *data, size_t len) CC_AS(cc_buf_add);
CLOUD_API void cc_buf_puts(struct cc_buf *buf, const char *text) CC_AS(cc_buf_puts);
CLOUD_API void cc_buf_putc(struct cc_buf *buf, char c) CC_AS(cc_buf_putc);
/* several texts, one behind the other; the list ends with NULL */
CLOUD_API void cc_buf_puts_all(struct cc_buf *buf, ...) CC_AS(cc_buf_puts_all)
    __attribute__((sentinel));
CLOUD_API void cc_buf_printf(struct cc_buf *buf, const char *format, ...) CC_AS(cc_buf_printf)
    __attribute__((format(printf, 2, 3)));
/* hands the memory over (to free()); NULL when failed; never NULL otherwise; the buffer is then
 * empty */
CLOUD_API char *cc_buf_take(struct cc_buf *buf) CC_AS(cc_buf_take);
/* the bytes as a string, "" when there are none */
CLOUD_API const char *cc_buf_text(const struct cc_buf *buf) CC_AS(cc_buf_text);

/* Many small allocations freed at once. Zeroed memory; NULL when there is none. */
struct cc_arena;
CLOUD_API struct cc_arena *cc_arena_new(void) CC_AS(cc_arena_new);
CLOUD_API void cc_arena_free(struct cc_arena *arena) CC_AS(cc_arena_free);
CLOUD_API void *cc_arena_alloc(struct cc_arena *arena, size_t size) CC_AS(cc_arena_alloc);
CLOUD_API char *cc_arena_strdup(struct cc_arena *arena, const char *text)
    CC_AS(cc_arena_strdup); /* NULL gives NULL */
CLOUD_API char *cc_arena_strndup(struct cc_arena *arena, const char *text, size_t len)
    CC_AS(cc_arena_strndup);
CLOUD_API char *cc_arena_printf(struct cc_arena *arena, const char *format, ...)
    CC_AS(cc_arena_printf) __attribute__((format(printf, 2, 3)));
/* calls @release(@what) when the arena is freed; false when out of memory (then nothing was
 * adopted) */
CLOUD_API bool cc_arena_adopt(struct cc_arena *arena, void *what, void (*release)(void *what))
    CC_AS(cc_arena_adopt);

/* Writes code and message (printf-like), clears the rest, returns @code. @err may be NULL. */
CLOUD_API int cc_fail(struct cloud_error *err, int code, const char *format, ...) CC_AS(cc_fail)
    __attribute__((format(printf, 3, 4)));
/* The same, and names the parameter or configuration key to mend. */
CLOUD_API int cc_fail_param(struct cloud_error *err, const char *parameter, const char *format, ...)
    CC_AS(cc_fail_param) __attribute__((format(printf, 3, 4)));

/*
 * Numbers are kept as the digits of the text, so that money never passes through a double. Reading
 * is in place: strings point into the text given.
 *
 * Paths: names joined by dots; a name may list alternatives with '|' ("Data.Id|DiskId"), the first
 * present and not null is taken. Names compare exactly, then without case; "0" is the first element
 * of a list. "" is the value itself.
 */
struct cc_doc;   /* a parsed text */
struct cc_value; /* one value in it, borrowed */

/* bytes behind the text that must exist and be writable */
#define CC_JSON_PADDING 4

/*
 * Parses text[0..len) in place; the text must stay alive as long as the document. Trailing bytes
 * that are not white space are an error; a comma behind the last member is not, since vendors print
 * it. Depth is limited (64). CLOUD_EPROTOCOL with line/offset and reason; CLOUD_ENOMEM.
 */
CLOUD_API int cc_doc_parse(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
    CC_AS(cc_doc_parse);
CLOUD_API void cc_doc_free(struct cc_doc *doc) CC_AS(cc_doc_free);
CLOUD_API const struct cc_value *cc_doc_root(const struct cc_doc *doc) CC_AS(cc_doc_root);

enum cc_json_kind {
    CC_JSON_NULL,
    CC_JSON_BOOL,
    CC_JSON_NUMBER,
    CC_JSON_STRING,
    CC_JSON_LIST,
    CC_JSON_OBJECT
};
/* NULL counts as CC_JSON_NULL everywhere below */
CLOUD_API enum cc_json_kind cc_value_kind(const struct cc_value *value) CC_AS(cc_value_kind);
CLOUD_API const char *cc_json_kind_name(enum cc_json_kind kind) CC_AS(cc_json_kind_name);
/* NULL when absent or null */
CLOUD_API const struct cc_value *cc_value_find(const struct cc_value *value, const char *path)
    CC_AS(cc_value_find);
/* string, digits of a number, "true"/"false"; NULL for anything else. Lives as long as the document
 */
CLOUD_API const char *cc_value_text(const struct cc_value *value) CC_AS(cc_value_text);
CLOUD_API size_t cc_value_count(const struct cc_value *value)
    CC_AS(cc_value_count); /* elements of a list or members of an object, else 0 */
/* walks lists and objects: start with *state = NULL-initialised struct */
struct cc_iter {
    const struct cc_value *container;
    size_t index;
    const void *at;
};
/*
 * next element (and its name, for objects; @ret_name may be NULL); NULL at the end or when it is no
 * container. Elements are valid as long as the document
 */
CLOUD_API const struct cc_value *cc_iter_next(struct cc_iter *iter, const char **ret_name)
    CC_AS(cc_iter_next);
/* the value as compact JSON text (to free()); NULL when out of memory */
CLOUD_API char *cc_value_write(const struct cc_value *value) CC_AS(cc_value_write);

/* Writing: a tree under construction. A failure (memory) sticks; ask cc_tree_write() at the end. */
struct cc_tree;
struct cc_node;
CLOUD_API struct cc_tree *cc_tree_new(void)
    CC_AS(cc_tree_new); /* its root is an empty object; NULL when out of memory */
CLOUD_API void cc_tree_free(struct cc_tree *tree) CC_AS(cc_tree_free);
CLOUD_API struct cc_node *cc_tree_root(struct cc_tree *tree) CC_AS(cc_tree_root);
/* Set a member at a dotted path below @node, making the objects between; replaces what stands
 * there. Text is copied. */
CLOUD_API void cc_tree_set_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                                const char *text) CC_AS(cc_tree_set_text);
CLOUD_API void cc_tree_set_number(struct cc_tree *tree, struct cc_node *node, const char *path,
                                  const char *digits) CC_AS(cc_tree_set_number);
CLOUD_API void cc_tree_set_int(struct cc_tree *tree, struct cc_node *node, const char *path,
                               int64_t value) CC_AS(cc_tree_set_int);
CLOUD_API void cc_tree_set_bool(struct cc_tree *tree, struct cc_node *node, const char *path,
                                bool value) CC_AS(cc_tree_set_bool);
CLOUD_API void cc_tree_set_value(struct cc_tree *tree, struct cc_node *node, const char *path,
                                 const struct cc_value *value) CC_AS(cc_tree_set_value);
/* Appends an empty object / a text to the list at the path, making the list; NULL when out of
 * memory */
CLOUD_API struct cc_node *cc_tree_append(struct cc_tree *tree, struct cc_node *node,
                                         const char *path) CC_AS(cc_tree_append);
CLOUD_API void cc_tree_append_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                                   const char *text) CC_AS(cc_tree_append_text);
/* present, at a dotted path? */
CLOUD_API struct cc_node *cc_node_find(struct cc_node *node, const char *path) CC_AS(cc_node_find);
CLOUD_API enum cc_json_kind cc_node_kind(const struct cc_node *node) CC_AS(cc_node_kind);
CLOUD_API size_t cc_node_count(const struct cc_node *node) CC_AS(cc_node_count);
CLOUD_API const char *cc_node_text(struct cc_node *node)
    CC_AS(cc_node_text); /* as cc_value_text() */
struct cc_node_iter {
    const struct cc_node *container;
    size_t index;
    void *at;
};
CLOUD_API struct cc_node *cc_node_next(struct cc_node_iter *iter, const char **ret_name)
    CC_AS(cc_node_next);
CLOUD_API void cc_node_remove(struct cc_node *node, const char *name)
    CC_AS(cc_node_remove); /* a direct member */
/* compact JSON text (to free()) of a node, or of the root when NULL; NULL when anything failed */
CLOUD_API char *cc_tree_write(struct cc_tree *tree, struct cc_node *node, size_t *ret_len)
    CC_AS(cc_tree_write);

struct cc_pair {
    const char *name;
    const char *value;
};

/* A growing list of pairs; the strings are copied. Names may repeat. A failure sticks. */
struct cc_pairs {
    struct cc_pair *items;
    size_t count;
    size_t cap;
    bool failed;
    struct cc_arena *arena; /* where all of it is kept; NULL: each on its own */
};
CLOUD_API void cc_pairs_add(struct cc_pairs *pairs, const char *name, const char *value)
    CC_AS(cc_pairs_add);
/* replaces the first of that name (ASCII case ignored) or adds it */
CLOUD_API void cc_pairs_set(struct cc_pairs *pairs, const char *name, const char *value)
    CC_AS(cc_pairs_set);
CLOUD_API const char *cc_pairs_find(const struct cc_pairs *pairs, const char *name)
    CC_AS(cc_pairs_find); /* first, ASCII case ignored; NULL */
CLOUD_API void cc_pairs_clear(struct cc_pairs *pairs) CC_AS(cc_pairs_clear);

struct cc_request {
    const char *method; /* static */
    char *base;         /* "https://vm.jdcloud-api.com": scheme and authority as dialled; owned */
    char *host;         /* authority to sign and send as Host, default port left out; owned */
    char *path;         /* percent-encoded, as on the wire, begins with '/'; owned */
    struct cc_pairs query;   /* decoded names and values */
    struct cc_pairs headers; /* own headers, then those signing adds */
    struct cc_buf body;
    struct cc_buf query_text; /* the encoded query as on the wire, written by the signing family */
    struct cc_arena *arena;   /* of all its strings and pairs; NULL: each on its own */
};
CLOUD_API void cc_request_clear(struct cc_request *request) CC_AS(cc_request_clear);

/* appends text percent-encoded (RFC 3986 unreserved kept, plus @also), upper-case hex */
CLOUD_API void cc_encode(struct cc_buf *out, const char *text, size_t len, const char *also)
    CC_AS(cc_encode);
/* appends "name=value" of each pair, encoded, joined with '&' */
CLOUD_API void cc_encode_pairs(struct cc_buf *out, const struct cc_pair *pairs, size_t count)
    CC_AS(cc_encode_pairs);
/* percent-decodes; '+' becomes a space when @plus; a '%' without two hex digits stays */
CLOUD_API void cc_decode(struct cc_buf *out, const char *text, size_t len, bool plus)
    CC_AS(cc_decode);

struct cc_credentials {
    const char *id;
    const char *secret;
    const char *token; /* NULL: none */
};

struct cc_sign_key_cache { /* the derived key of one day, region and service: wiped by its owner */
    char scope[160];
    unsigned char key[32];
    bool set;
};

struct cc_sign_work; /* the library's: memory that signing uses again */

struct cc_signing {
    const struct cc_credentials *credentials;
    const char *region;  /* of the scope; families without a scope ignore it */
    const char *service; /* of the scope */
    const char *action;  /* RPC family: the Action parameter */
    const char *version; /* RPC family: the Version parameter */
    int64_t time;        /* Unix seconds */
    const char *nonce;
    struct cc_sign_key_cache *cache; /* may be NULL */
    struct cc_sign_work *work;       /* may be NULL */
};

/*
 * A signing family: completes @request. Writes request->query_text, with the pairs the family adds,
 * and sets headers (v4). request->query is left as it is, so a request can be signed again with
 * another time and nonce. CLOUD_OK, CLOUD_ENOMEM, CLOUD_EINVAL.
 */
typedef int (*cc_sign_fn)(struct cc_request *request, const struct cc_signing *signing,
                          struct cloud_error *err);
CLOUD_API int cc_sign_jdcloud2(struct cc_request *request, const struct cc_signing *signing,
                               struct cloud_error *err) CC_AS(cc_sign_jdcloud2);
CLOUD_API int cc_sign_jdcloud3(struct cc_request *request, const struct cc_signing *signing,
                               struct cloud_error *err) CC_AS(cc_sign_jdcloud3);
CLOUD_API int cc_sign_capitalonline(struct cc_request *request, const struct cc_signing *signing,
                                    struct cloud_error *err) CC_AS(cc_sign_capitalonline);

/* for a signing family of your own; false, or NULL, when out of memory */
CLOUD_API bool cc_sha256_hex(const void *data, size_t len, char ret_hex[65]) CC_AS(cc_sha256_hex);
CLOUD_API bool cc_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
                              unsigned char ret_mac[32]) CC_AS(cc_hmac_sha256);
CLOUD_API bool cc_hmac_sha1_base64(const void *key, size_t key_len, const void *data, size_t len,
                                   char ret_text[32]) CC_AS(cc_hmac_sha1_base64);
CLOUD_API char *cc_base64(const void *data, size_t len)
    CC_AS(cc_base64); /* standard alphabet, padded; to free(); NULL when out of memory */
CLOUD_API void cc_hex(const unsigned char *bytes, size_t len, char *ret_hex) CC_AS(cc_hex);

#define CC_BIT(param) (UINT64_C(1) << (CLOUD_PARAM_##param))

/* One of the vendor's services: a host and how it is signed. { 0 } ends a table. */
struct cc_service {
    const char *name;    /* in the credential scope: "vm" */
    const char *host;    /* "vm.jdcloud-api.com" */
    const char *path;    /* before every action's path: "/v1", "/ecs/v1" */
    const char *version; /* RPC family: the Version parameter */
};

enum cc_where { CC_BODY = 0, CC_QUERY, CC_PATH };
enum cc_type {
    CC_STRING = 0,
    CC_INT,
    CC_NUMBER,
    CC_BOOL,
    CC_OBJECT,
    CC_LIST,   /* of objects */
    CC_STRINGS /* a list of strings */
};

/* How a list goes into a query. */
enum cc_query_list {
    CC_INDEXED = 0, /* name.1=a&name.2.field=b */
    CC_JOINED,      /* name=a,b; may be given as that text */
    CC_JSON,        /* name=["a","b"]; may be given as that text */
    CC_OR_ONE       /* in a body: the object that would be alone in the list may be given instead */
};

/* One parameter of an action, in the vendor's words. { 0 } ends a table. */
struct cc_action_param {
    const char *name;
    unsigned char where; /* enum cc_where */
    unsigned char type;  /* enum cc_type */
    bool required;
    bool secret;
    unsigned char list;  /* enum cc_query_list, for lists */
    const char *instead; /* the required parameter that may be left out where this one is given;
                            NULL: none */
};

struct cc_step;

/* One action, as the vendor's page has it. A row without a name ends a table. */
struct cc_action {
    const char *name;
    unsigned char service; /* index into the provider's services */
    unsigned char effect;  /* enum cloud_effect */
    const char *method;
    const char *path; /* behind the service's path: "/regions/{regionId}/instances" */
    const struct cc_action_param *params;
    const char
        *token; /* the parameter by which the vendor recognises a repeated request; NULL: none */
    const char *about; /* one line: what it does */
    /* asked before the action is invoked in the vendor's own words, with those of its parameters
       that the guard's action has too; its parse hook may refuse. NULL: nothing */
    const struct cc_step *guard;
};

/* A word of the vendor's and what it is here; compared without case. { 0 } ends a table. */
struct cc_word {
    const char *word;
    int value;
    const char *reason; /* for states: why, where the state alone does not tell */
};

/* What an error of the vendor's means. The first row that matches wins; the last is { 0 }. */
struct cc_error_row {
    int http;         /* 0: any */
    const char *code; /* NULL: any; a '*' at the end stands for whatever follows */
    const char *has;  /* a part of the message; NULL: any */
    int means;        /* enum cloud_code */
};

enum cc_arg_kind {
    CC_ARG_PARAM = 0, /* the parameter as it is */
    CC_ARG_LIST_OF,   /* a list with the parameter as its only element */
    CC_ARG_WORD,      /* the vendor's word for an enum or flag */
    CC_ARG_COUNT,     /* of a period: its count */
    CC_ARG_UNIT,      /* of a period: the vendor's word for its unit */
    CC_ARG_MONTHS,    /* of a period: its length in months, a year being twelve; .text when only
                         to_month_end was given */
    CC_ARG_REGION,    /* the client's region */
    CC_ARG_CONST,     /* a text that stands in the row */
    CC_ARG_TOKEN,     /* the same for every attempt of one call, and for one operation key */
    CC_ARG_MARK, /* cc_mark() of the operation key, left out without one; behind the parameter where
                    .with; with .each an object, as below */
    CC_ARG_FOUND,  /* a string member of the instance that an earlier step found */
    CC_ARG_FILTER, /* appends { name: .text, values: [the parameter] } to the list at .path */
    /* These append objects to the list at .path, by the rows in .each; where .as is CC_OBJECT those
       rows are written beside this one instead. */
    CC_ARG_EACH_DISK,   /* one a data disk */
    CC_ARG_OBJECT,      /* one */
    CC_ARG_SYSTEM_DISK, /* one for the system disk, unless it is "local" */
    CC_ARG_EACH_PREPAID /* one a prepaid cloud disk of the instance found; without .each: their ids,
                           joined by commas */
};

enum cc_disk_member { CC_DISK_TYPE = 1, CC_DISK_GB, CC_DISK_ID };

/* One argument. { 0 } ends a table. Left out when its source was not given. */
struct cc_arg {
    const char *path;    /* of the action's parameters; dots go into objects:
                            "instanceSpec.charge.chargeMode" */
    unsigned char kind;  /* enum cc_arg_kind */
    unsigned char param; /* enum cloud_param */
    unsigned char
        as; /* enum cc_type: how text from words or constants is written; CC_STRING by default */
    unsigned char
        disk; /* enum cc_disk_member, in .each rows: a member of the disk instead of a parameter */
    bool with, without; /* only when .param was given, or was not (for constants and objects) */
    const char *text;   /* CC_ARG_CONST; or the default when the parameter was not given */
    const struct cc_word *words;
    const struct cc_arg *each;
    size_t found; /* CC_ARG_FOUND: offset in struct cloud_instance of a const char * */
};

/* clang-format off */
#define CC_ARG(path_, PARAM)               { .path = (path_), .param = CLOUD_PARAM_##PARAM }
#define CC_ARG_DEFAULT(path_, PARAM, digits_) \
    { .path = (path_), .param = CLOUD_PARAM_##PARAM, .text = (digits_), .as = CC_INT }
#define CC_ARG_IN_LIST(path_, PARAM)       { .path = (path_), .kind = CC_ARG_LIST_OF, .param = CLOUD_PARAM_##PARAM }
/* for actions that take several ids as one text, joined by commas */
#define CC_ARG_JOINED(path_, PARAM)        { .path = (path_), .kind = CC_ARG_LIST_OF, .param = CLOUD_PARAM_##PARAM, .text = "," }
#define CC_ARG_WORDS(path_, PARAM, words_, as_) \
    { .path = (path_), .kind = CC_ARG_WORD, .param = CLOUD_PARAM_##PARAM, .words = (words_), .as = (as_) }
#define CC_ARG_PERIOD_COUNT(path_)         { .path = (path_), .kind = CC_ARG_COUNT, .param = CLOUD_PARAM_PERIOD }
#define CC_ARG_PERIOD_MONTHS(path_)        { .path = (path_), .kind = CC_ARG_MONTHS, .param = CLOUD_PARAM_PERIOD }
#define CC_ARG_PERIOD_UNIT(path_, words_, as_) \
    { .path = (path_), .kind = CC_ARG_UNIT, .param = CLOUD_PARAM_PERIOD, .words = (words_), .as = (as_) }
#define CC_ARG_OF_REGION(path_)            { .path = (path_), .kind = CC_ARG_REGION }
#define CC_ARG_TEXT(path_, text_, as_)     { .path = (path_), .kind = CC_ARG_CONST, .text = (text_), .as = (as_) }
#define CC_ARG_TEXT_WITH(path_, text_, as_, PARAM) \
    { .path = (path_), .kind = CC_ARG_CONST, .text = (text_), .as = (as_), .with = true, .param = CLOUD_PARAM_##PARAM }
#define CC_ARG_TEXT_WITHOUT(path_, text_, as_, PARAM) \
    { .path = (path_), .kind = CC_ARG_CONST, .text = (text_), .as = (as_), .without = true, .param = CLOUD_PARAM_##PARAM }
#define CC_ARG_CLIENT_TOKEN(path_)         { .path = (path_), .kind = CC_ARG_TOKEN }
/* "web-op0123456789": the mark behind a name, @unnamed standing for a name that was not given */
#define CC_ARG_MARKED(path_, PARAM, unnamed) \
    { .path = (path_), .kind = CC_ARG_MARK, .with = true, .param = CLOUD_PARAM_##PARAM, .text = (unnamed) }
/* the mark alone, in an object in a list, or as an element of a list of strings */
#define CC_ARG_MARK_OBJECT(path_, each_)   { .path = (path_), .kind = CC_ARG_MARK, .each = (each_) }
#define CC_ARG_MARK_ALONE(path_)           { .path = (path_), .kind = CC_ARG_MARK }
#define CC_ARG_MARK_IN_LIST(path_)         { .path = (path_), .kind = CC_ARG_MARK, .as = CC_STRINGS }
#define CC_ARG_FROM_INSTANCE(path_, member) \
    { .path = (path_), .kind = CC_ARG_FOUND, .found = CC_AT(struct cloud_instance, member, const char *) }
#define CC_ARG_FILTERS(path_, name_, PARAM) \
    { .path = (path_), .kind = CC_ARG_FILTER, .param = CLOUD_PARAM_##PARAM, .text = (name_) }
#define CC_ARG_DISKS(path_, each_)         { .path = (path_), .kind = CC_ARG_EACH_DISK, .param = CLOUD_PARAM_DATA_DISKS, .each = (each_) }
#define CC_ARG_ONE(path_, each_)           { .path = (path_), .kind = CC_ARG_OBJECT, .each = (each_) }
#define CC_ARG_ONE_OBJECT(path_, PARAM, each_) \
    { .path = (path_), .kind = CC_ARG_OBJECT, .with = true, .param = CLOUD_PARAM_##PARAM, .each = (each_) }
#define CC_ARG_CLOUD_DISK(path_, as_, each_) \
    { .path = (path_), .kind = CC_ARG_SYSTEM_DISK, .as = (as_), .param = CLOUD_PARAM_SYSTEM_DISK_GB, .each = (each_) }
#define CC_ARG_PREPAID_DISKS(path_, each_) { .path = (path_), .kind = CC_ARG_EACH_PREPAID, .each = (each_) }
#define CC_ARG_PREPAID_IDS(path_)          { .path = (path_), .kind = CC_ARG_EACH_PREPAID }
#define CC_ARG_DISK(path_, member)         { .path = (path_), .disk = (member) }
/* clang-format on */

/*
 * By what a purchase is found again at a vendor that takes no token: "op" and the first ten hex
 * digits of the SHA-256 of the call's token, which is the same for one operation key.
 */
#define CC_MARK_MAX 13
/* The token of a call with an operation key: the key itself, or its digest where vendors might
 * refuse the key. */
#define CC_TOKEN_MAX 65
CLOUD_API bool cc_token(const char *operation_key, char ret_token[CC_TOKEN_MAX]) CC_AS(cc_token);
/* both: false when out of memory */
CLOUD_API bool cc_mark(const char *token, char ret_mark[CC_MARK_MAX]) CC_AS(cc_mark);

/* offset of a member, and a compile error when it is not of the type */
#define CC_AT(type, member, ctype) \
    (offsetof(type, member) + 0 * sizeof((ctype *)0 == &((type *)0)->member))

enum cc_field_kind {
    CC_FIELD_TEXT = 1,
    CC_FIELD_INT,   /* int; digits or text of digits */
    CC_FIELD_GIB,   /* int of MiB from a number of GiB */
    CC_FIELD_MONEY, /* struct cloud_money in the provider's currency */
    CC_FIELD_TIME,  /* int64_t */
    CC_FIELD_FLAG,  /* enum cloud_flag: true/false, 1/0, "1"/"0", "yes"/"no", OPENED/UNOPENED … */
    CC_FIELD_WORD,  /* an enum, by .words; a word in no row is 0 */
    CC_FIELD_KNOWN, /* as WORD, but a word in no row leaves the member as it is */
    CC_FIELD_REASON,  /* the reason of the word's row */
    CC_FIELD_OBJECT,  /* a struct inside, by .list->fields */
    CC_FIELD_LIST,    /* an array and its count, by .list; an absent or null list is empty */
    CC_FIELD_TEXTS,   /* an array of strings and its count; a lone string is a list of one */
    CC_FIELD_MEMBERS, /* as LIST, from the members of an object; the name is read as "@name" */
    CC_FIELD_FIRST,   /* as TEXT, but what stands there already stays */
    CC_FIELD_JOINED,  /* as TEXT, but behind what stands there already and a comma */
    CC_FIELD_EACH, /* .list->fields of every element of a list, or of a lone object, into the same
                      struct */
    CC_FIELD_EACH_MEMBER /* the same, of every member of an object */
};

struct cc_list;

/*
 * One member of an answer. { 0 } ends a table. Absent or null leaves the member as it is, and so
 * does "" for anything that is not .required: vendors print it for what they do not say.
 */
struct cc_field {
    /* as above under JSON; "@name": the member's name in CC_FIELD_MEMBERS; "../x": of the element
     * of EACH; "=text": that text */
    const char *path;
    unsigned char kind; /* enum cc_field_kind */
    bool required;
    size_t at; /* offset in the struct */
    const struct cc_word *words;
    const struct cc_list *list;
};

struct cc_list {
    size_t size;     /* of an element */
    size_t count_at; /* offset of the count, in the struct that holds the array */
    const struct cc_field *fields;
};

/* clang-format off */
#define CC_TEXT(type, path_, member)          { .path = (path_), .kind = CC_FIELD_TEXT, .at = CC_AT(type, member, const char *) }
#define CC_TEXT_REQUIRED(type, path_, member) { .path = (path_), .kind = CC_FIELD_TEXT, .at = CC_AT(type, member, const char *), .required = true }
#define CC_NUMBER_INT(type, path_, member)    { .path = (path_), .kind = CC_FIELD_INT, .at = CC_AT(type, member, int) }
#define CC_GIB_AS_MIB(type, path_, member)    { .path = (path_), .kind = CC_FIELD_GIB, .at = CC_AT(type, member, int) }
#define CC_AMOUNT(type, path_, member)        { .path = (path_), .kind = CC_FIELD_MONEY, .at = CC_AT(type, member, struct cloud_money) }
#define CC_AMOUNT_REQUIRED(type, path_, member) { .path = (path_), .kind = CC_FIELD_MONEY, .at = CC_AT(type, member, struct cloud_money), .required = true }
#define CC_TIME(type, path_, member)          { .path = (path_), .kind = CC_FIELD_TIME, .at = CC_AT(type, member, int64_t) }
#define CC_FLAG(type, path_, member)          { .path = (path_), .kind = CC_FIELD_FLAG, .at = CC_AT(type, member, enum cloud_flag) }
#define CC_WORD(type, path_, member, ctype, words_) \
    { .path = (path_), .kind = CC_FIELD_WORD, .at = CC_AT(type, member, ctype), .words = (words_) }
#define CC_KNOWN(type, path_, member, ctype, words_) \
    { .path = (path_), .kind = CC_FIELD_KNOWN, .at = CC_AT(type, member, ctype), .words = (words_) }
#define CC_REASON(type, path_, member, words_) \
    { .path = (path_), .kind = CC_FIELD_REASON, .at = CC_AT(type, member, const char *), .words = (words_) }
/* a state, why it is so, and the vendor's word */
#define CC_STATE(type, path_, ctype, words_) \
    CC_WORD(type, path_, state, ctype, words_), CC_REASON(type, path_, state_reason, words_), CC_TEXT(type, path_, vendor_state)
#define CC_INSIDE(type, path_, member, list_) { .path = (path_), .kind = CC_FIELD_OBJECT, .at = offsetof(type, member), .list = (list_) }
#define CC_ARRAY(type, path_, member, list_)  { .path = (path_), .kind = CC_FIELD_LIST, .at = offsetof(type, member), .list = (list_) }
#define CC_ARRAY_REQUIRED(type, path_, member, list_) { .path = (path_), .kind = CC_FIELD_LIST, .at = offsetof(type, member), .list = (list_), .required = true }
#define CC_MEMBERS(type, path_, member, list_) { .path = (path_), .kind = CC_FIELD_MEMBERS, .at = offsetof(type, member), .list = (list_) }
#define CC_TEXTS(type, path_, member, list_)  { .path = (path_), .kind = CC_FIELD_TEXTS, .at = CC_AT(type, member, const char **), .list = (list_) }
#define CC_FIRST(type, path_, member)         { .path = (path_), .kind = CC_FIELD_FIRST, .at = CC_AT(type, member, const char *) }
#define CC_JOINED_REQUIRED(type, path_, member) { .path = (path_), .kind = CC_FIELD_JOINED, .at = CC_AT(type, member, const char *), .required = true }
#define CC_EACH(path_, list_)                 { .path = (path_), .kind = CC_FIELD_EACH, .list = (list_) }
#define CC_EACH_REQUIRED(path_, list_)        { .path = (path_), .kind = CC_FIELD_EACH, .list = (list_), .required = true }
#define CC_EACH_MEMBER(path_, list_)          { .path = (path_), .kind = CC_FIELD_EACH_MEMBER, .list = (list_) }
/* clang-format on */

/* lists of plain strings need only their count */
#define CC_STRING_LIST(type, count_member) \
    { \
        .size = sizeof(const char *), .count_at = CC_AT(type, count_member, size_t) \
    }
#define CC_LIST_IN(type, count_member, element, fields_) \
    { \
        .size = sizeof(element), .count_at = CC_AT(type, count_member, size_t), \
        .fields = (fields_) \
    }

struct cc_envelope {
    bool failed;
    const char *code;    /* vendor's error code; NULL: none */
    const char *message; /* NULL: none */
    const char *request_id;
    const char *task_id;         /* NULL: nothing to follow */
    const struct cc_value *data; /* NULL: none */
    const struct cc_value *root; /* the whole answer, set by the engine; NULL: its body is empty */
};

/* What a hook sees. It may change @params (the call's own copy) and @result, and must not keep
 * anything. */
struct cc_hook {
    const struct cloud_provider *provider;
    struct cloud_params *params;
    struct cloud_result *result;
    struct cc_arena *arena; /* lives as long as the result */
    struct cloud_error *err;
    const char *region;
    const char *mark; /* of the operation key, cc_mark(); NULL: no key was given */
    int64_t now;      /* Unix seconds, the vendor's clock */
    void *scratch; /* the row's scratch_size bytes, zero at the start, the same for all steps of the
                      call */
    const struct cloud_client_options *options;
    const struct cloud_params
        *defaults; /* the client's; an operation's own are in @params already */
    const struct cc_pricebook *price_book; /* NULL: none */
    const char *const *ids; /* of the instances that one request is for, where they are several;
                               NULL: params name one */
    size_t id_count;

    struct cc_tree *tree; /* build: the action's parameters so far */
    struct cc_node *root;

    const struct cc_envelope *envelope; /* parse: the answer; fields have been read already */
    int refused; /* parse of a tolerant step: the code of the refusal that err tells of; else 0 */
    int failed_check; /* the code of the first check that failed */
    int again_ms;     /* parse: set to a wait of 0 or more to do this step once more */
    bool finish;      /* parse: leave out the remaining steps */
    bool undone;      /* parse that fails: the answer says that nothing was changed */
};
typedef int (*cc_hook_fn)(struct cc_hook *hook);
typedef bool (*cc_when_fn)(const struct cc_hook *hook);

enum cc_check_kind {
    CC_CHECK_REAL = 0, /* asked of the vendor just now */
    CC_CHECK_LOCAL,    /* judged here */
    CC_CHECK_NONE      /* cannot be known before buying */
};
/* Adds a check to the result of a dry run. The first with a @code other than CLOUD_OK is what the
 * operation ends with. */
CLOUD_API int cc_hook_check(struct cc_hook *hook, const char *name, enum cc_check_kind kind,
                            int code, const char *format, ...) CC_AS(cc_hook_check)
    __attribute__((format(printf, 5, 6)));
/* Room for @count zeroed elements that live as long as the result; NULL when out of memory. */
CLOUD_API void *cc_hook_alloc(struct cc_hook *hook, size_t count, size_t size) CC_AS(cc_hook_alloc);

/* Appends { name, values: [value] } to the action's list "filters". */
CLOUD_API void cc_hook_filter(struct cc_hook *hook, const char *path, const char *name,
                              const char *value) CC_AS(cc_hook_filter);

/* Parse hooks that any provider can use. */
CLOUD_API int cc_parse_instance_task(struct cc_hook *hook) CC_AS(
    cc_parse_instance_task); /* the task is the instance itself: it has ended when it is settled */
CLOUD_API int cc_parse_keep_family(struct cc_hook *hook)
    CC_AS(cc_parse_keep_family); /* leaves only the types of params->family, where that was given */
CLOUD_API int cc_parse_find_size(struct cc_hook *hook) CC_AS(
    cc_parse_find_size); /* params->instance_type from family, cpu, memory_gb, gpu; drops types */
CLOUD_API bool cc_when_size_unnamed(const struct cc_hook *hook)
    CC_AS(cc_when_size_unnamed); /* no instance_type, but a part of a size was given */

CLOUD_API int cc_check_purchase(struct cc_hook *hook)
    CC_AS(cc_check_purchase); /* check: max_charge only where it can be held */
CLOUD_API int cc_check_sized_purchase(struct cc_hook *hook)
    CC_AS(cc_check_sized_purchase); /* check: that, where sizes have names and a local system disk
                                       has no size to choose */
CLOUD_API int cc_check_auto_renew(struct cc_hook *hook)
    CC_AS(cc_check_auto_renew); /* check: a period to turn it on, and none to turn it off */

/* the object anywhere in @value whose member @name is @text; NULL: none */
CLOUD_API const struct cc_value *cc_hook_seek(const struct cc_value *value, const char *name,
                                              const char *text) CC_AS(cc_hook_seek);

/* Steps that depend on what was given. */
CLOUD_API bool cc_when_instance(const struct cc_hook *hook)
    CC_AS(cc_when_instance); /* instance_id, and no task_id */
CLOUD_API bool cc_when_no_instance(const struct cc_hook *hook) CC_AS(cc_when_no_instance);
CLOUD_API bool cc_when_family(const struct cc_hook *hook) CC_AS(cc_when_family);
CLOUD_API bool cc_when_no_family(const struct cc_hook *hook) CC_AS(cc_when_no_family);
CLOUD_API int cc_check_stop(struct cc_hook *hook)
    CC_AS(cc_check_stop); /* check: not both force and stop_charging */

/* Changes of an instance (changes.c): of its size, or of its system disk. */
CLOUD_API int cc_check_change(struct cc_hook *hook)
    CC_AS(cc_check_change); /* check: the one or the other was asked for, not both */
CLOUD_API bool cc_when_size_changes(const struct cc_hook *hook) CC_AS(cc_when_size_changes);
CLOUD_API bool cc_when_disk_changes(const struct cc_hook *hook) CC_AS(cc_when_disk_changes);
CLOUD_API int cc_parse_need_prepaid(struct cc_hook *hook)
    CC_AS(cc_parse_need_prepaid); /* the instance that was found must be paid in advance */
CLOUD_API int cc_parse_need_stopped(struct cc_hook *hook) CC_AS(
    cc_parse_need_stopped); /* ... must be stopped, and a new system disk larger than its own */
CLOUD_API int cc_hook_need_larger_disk(struct cc_hook *hook)
    CC_AS(cc_hook_need_larger_disk); /* only the latter; nothing where the disk is not to change */
CLOUD_API int cc_hook_need_larger_size(struct cc_hook *hook)
    CC_AS(cc_hook_need_larger_size); /* after cc_hook_take_size(): another size, and not smaller if
                                        prepaid */
CLOUD_API bool cc_hook_asked_for(const struct cc_hook *hook, const char *resource)
    CC_AS(cc_hook_asked_for); /* params->resource names it, or nothing */
CLOUD_API bool cc_when_sizes_wanted(const struct cc_hook *hook)
    CC_AS(cc_when_sizes_wanted); /* "instance_type" was asked for */
CLOUD_API bool cc_when_disk_wanted(const struct cc_hook *hook)
    CC_AS(cc_when_disk_wanted); /* "system_disk" was asked for */
/* the range of sizes that the disk may grow to, where it may and "system_disk" was asked for */
CLOUD_API int cc_hook_growth(struct cc_hook *hook, const struct cloud_disk *disk, int max_gb,
                             int step_gb) CC_AS(cc_hook_growth);
/* Of the types found, those that the instance can become: where sizes were asked for, all but its
   own (which need not be among them: @own is then all zero) that the vendor's rules let through. */
typedef bool (*cc_target_fn)(const struct cloud_instance *instance,
                             const struct cloud_instance_type *own,
                             const struct cloud_instance_type *type);
CLOUD_API void cc_hook_keep_targets(struct cc_hook *hook, cc_target_fn may_become)
    CC_AS(cc_hook_keep_targets);
CLOUD_API bool cc_when_targets(const struct cc_hook *hook) CC_AS(
    cc_when_targets); /* there are, and the instance's image, which may rule some out, is known */
/* repeat the step until the disk that it found is in that state; CLOUD_EFAILED when it is broken */
CLOUD_API int cc_parse_until_available(struct cc_hook *hook) CC_AS(cc_parse_until_available);
CLOUD_API int cc_parse_until_in_use(struct cc_hook *hook) CC_AS(cc_parse_until_in_use);

/*
 * Families first, then the sizes of each: a step finds types of which only the families count, the
 * next is repeated for each family (as params->family) and finds its sizes. Without the first,
 * params->family is the only one. A family that is denied to the account has no sizes, unless it is
 * the only one. The row's scratch begins with a struct cc_families.
 */
struct cc_families {
    size_t count, asked;
};
CLOUD_API int cc_parse_families(struct cc_hook *hook) CC_AS(cc_parse_families);
CLOUD_API bool cc_when_families(const struct cc_hook *hook) CC_AS(cc_when_families);
CLOUD_API int cc_parse_next_family(struct cc_hook *hook) CC_AS(cc_parse_next_family);

/*
 * The price of a change where the vendor prices only purchases: a step asks what the instance is to
 * become, the next, for prepaid instances, what it is; the difference is shared out over the days
 * that are left. The row's scratch begins with a struct cc_change.
 */
struct cc_change {
    bool size; /* it is the size that changes, not the system disk */
    struct cloud_money after;
};
CLOUD_API bool cc_when_change_of_size(const struct cc_hook *hook)
    CC_AS(cc_when_change_of_size); /* by struct cc_change, also when the shape has been taken */
CLOUD_API bool cc_when_change_of_disk(const struct cc_hook *hook) CC_AS(cc_when_change_of_disk);
CLOUD_API int cc_parse_price_after(struct cc_hook *hook) CC_AS(cc_parse_price_after);
CLOUD_API int cc_parse_price_before(struct cc_hook *hook) CC_AS(cc_parse_price_before);
CLOUD_API int cc_parse_price_new(struct cc_hook *hook)
    CC_AS(cc_parse_price_new); /* fields may have set the unit of an on-demand price */
CLOUD_API int cc_parse_price_renew(struct cc_hook *hook)
    CC_AS(cc_parse_price_renew); /* a purchase of the same shape was priced */

/* Dry runs and prices. */
CLOUD_API bool cc_type_in_stock(const struct cloud_instance_type *type, const char *zone)
    CC_AS(cc_type_in_stock);
CLOUD_API int cc_parse_check_type(struct cc_hook *hook)
    CC_AS(cc_parse_check_type); /* the stock of params->instance_type, the type that was found */
CLOUD_API int cc_parse_check_size(struct cc_hook *hook) CC_AS(
    cc_parse_check_size); /* the stock of family, cpu, memory_gb and gpu among the types found */
CLOUD_API int cc_parse_types_here(struct cc_hook *hook)
    CC_AS(cc_parse_types_here); /* what is known of the types' stock is known of params->zone */
CLOUD_API int cc_parse_keep_source(struct cc_hook *hook)
    CC_AS(cc_parse_keep_source); /* leaves only the images of params->image_source, where that was
                                    given */
CLOUD_API int cc_parse_keep_image(struct cc_hook *hook) CC_AS(
    cc_parse_keep_image); /* each image once, and of those only params->image_id, where given */
CLOUD_API int cc_parse_check_order(struct cc_hook *hook) CC_AS(
    cc_parse_check_order); /* the vendor's own dry run has answered; its balance stays unknown */
CLOUD_API int cc_parse_check_image(struct cc_hook *hook) CC_AS(
    cc_parse_check_image); /* params->image_id, an id or a name, among the images that were found */
CLOUD_API int cc_parse_check_price(struct cc_hook *hook)
    CC_AS(cc_parse_check_price); /* cc_hook_check_price(), free addresses not being known */
/* what params wants of disks of the type @usual, against the free GB (max_gb) among the disk ranges
 * that were found */
CLOUD_API int cc_hook_check_disk_quota(struct cc_hook *hook, const char *usual)
    CC_AS(cc_hook_check_disk_quota);
/* how many instances the account may have, and has; the vendor's digits, NULL where it does not
 * tell */
CLOUD_API int cc_hook_check_quota(struct cc_hook *hook, const char *limit, const char *used)
    CC_AS(cc_hook_check_quota);
/* leaves only the types that a list of the vendor's names, or does not name */
CLOUD_API int cc_hook_keep_types(struct cc_hook *hook, const struct cc_value *list, bool named)
    CC_AS(cc_hook_keep_types);
CLOUD_API int cc_parse_regions(struct cc_hook *hook)
    CC_AS(cc_parse_regions); /* the provider's table */
/* the system disk's growth within the free GB of its type that were found, in steps; those ranges
 * are then gone */
CLOUD_API int cc_hook_growth_within(struct cc_hook *hook, int step_gb) CC_AS(cc_hook_growth_within);
/* the price that was found, by cc_parse_price_new(), and what is not known: the balance, and in
 * words the network */
CLOUD_API int cc_hook_check_price(struct cc_hook *hook, const char *network)
    CC_AS(cc_hook_check_price);
CLOUD_API int cc_hook_price(struct cc_hook *hook, struct cloud_period period, const char *covers)
    CC_AS(cc_hook_price); /* what the vendor's price is */

/* Instances that were found (hooks_found.c). */
CLOUD_API int cc_parse_found(struct cc_hook *hook)
    CC_AS(cc_parse_found); /* params->instance_id among them, now the only one; CLOUD_ENOTFOUND */
CLOUD_API int cc_parse_found_to_change(struct cc_hook *hook)
    CC_AS(cc_parse_found_to_change); /* and what is to change of it, charged as it is now and where
                                        it is now */
CLOUD_API bool cc_when_prepaid_disks(const struct cc_hook *hook) CC_AS(cc_when_prepaid_disks);
/* the n-th prepaid cloud disk of the instance found, the system disk first; NULL past the last */
CLOUD_API const struct cloud_disk *cc_hook_prepaid_disk(const struct cc_hook *hook, size_t n)
    CC_AS(cc_hook_prepaid_disk);
CLOUD_API int cc_parse_keep_named(struct cc_hook *hook)
    CC_AS(cc_parse_keep_named); /* those whose name holds params->name, where it was given */
CLOUD_API int cc_parse_disks_of_instances(struct cc_hook *hook)
    CC_AS(cc_parse_disks_of_instances); /* their disks become the result's */
CLOUD_API int cc_check_task(struct cc_hook *hook)
    CC_AS(cc_check_task); /* check: there is a task_id or an instance_id to follow */
CLOUD_API bool cc_when_task(const struct cc_hook *hook) CC_AS(cc_when_task);
CLOUD_API bool cc_when_no_task(const struct cc_hook *hook) CC_AS(cc_when_no_task);
/* What is not being changed becomes parameters, as the instance has it; what the vendor does not
   tell of it, as the defaults have it. CLOUD_EUNSUPPORTED when a data disk has no type. */
CLOUD_API int cc_hook_take_size(struct cc_hook *hook) CC_AS(cc_hook_take_size);
CLOUD_API int cc_hook_need_known(struct cc_hook *hook, enum cloud_param param)
    CC_AS(cc_hook_need_known); /* after it: CLOUD_EINVAL when it is still not known */
CLOUD_API int cc_parse_note_assumed(struct cc_hook *hook)
    CC_AS(cc_parse_note_assumed); /* the price covers what was taken from the defaults */
CLOUD_API int cc_parse_need_term(struct cc_hook *hook)
    CC_AS(cc_parse_need_term); /* where the vendor does not tell its expiry: expires_at does */
CLOUD_API int cc_parse_keep_larger(struct cc_hook *hook) CC_AS(
    cc_parse_keep_larger); /* of the types found, those that are no smaller, but not its own */

/* How a list comes in pages: page numbers from 1. */
struct cc_paging {
    const char *page_param; /* "pageNumber" */
    const char *size_param;
    int size;
    const char *total; /* path of the number of all matches, from the data; "^name" from the
                          answer's root */
    const char *pages; /* path of the number of pages, where there is no total; else NULL */
    size_t count_at;   /* offset in struct cloud_result of the count of what was collected */
    size_t array_at;   /* and of the array, whose elements begin with a const char *id */
    size_t element_size;
};
#define CC_COLLECT(array, count) \
    .count_at = offsetof(struct cloud_result, count), \
    .array_at = offsetof(struct cloud_result, array), \
    .element_size = sizeof(*((struct cloud_result *)0)->array)

/* One vendor call of an operation, or, without an action, a computation by its parse hook. */
struct cc_step {
    const struct cc_action *action;
    const struct cc_arg *args;
    const struct cc_field *fields; /* of struct cloud_result, from the envelope's data */
    cc_when_fn when;               /* NULL: always */
    cc_hook_fn build;              /* NULL: the rows say it all */
    cc_hook_fn parse;              /* NULL: the fields say it all */
    const struct cc_paging *paging;
    bool tolerate; /* a refusal is not the end: the parse hook sees hook->refused and no data */
};

struct cc_op_row {
    enum cloud_support support;
    const char *why; /* for all but CLOUD_NATIVE: one sentence */
    const struct cc_step *steps;
    size_t step_count;
    cc_hook_fn check;  /* what the rules cannot say, before anything is sent; NULL: nothing */
    uint64_t reads;    /* parameters that hooks read, besides those of the args */
    uint64_t required; /* parameters this vendor needs beyond those of the operation */
    size_t scratch_size;
    bool continues; /* sees the result of what was asked before it in the same call (guards.c) */
    /* Calls for single instances that become one (coalesce.c): how many ids a request may hold,
       CC_MANY_ALL for a listing of the whole account; 0: none. Lists and filters of INSTANCE_ID in
       the rows then hold them all. */
    int many;
    const struct cc_op_row *many_row; /* how they are asked for together; NULL: as one is */
};
#define CC_MANY_ALL INT_MAX
#define CC_STEPS(array) .steps = (array), .step_count = CC_COUNT(array)

enum cc_rule_kind {
    CC_RULE_RANGE = 1, /* a number from min to max, in steps of step above min (0: any); data disks:
                          of type .text */
    CC_RULE_LENGTH,    /* UTF-8 characters from min to max */
    CC_RULE_ONE_OF,    /* a number that stands in .text, "1, 2, 4" */
    CC_RULE_PATTERN    /* a POSIX extended regular expression must match (data disks: their type);
                          .text says it in words */
};

/* What the vendor demands of a parameter. { 0 } ends a table. */
struct cc_rule {
    unsigned char kind;  /* enum cc_rule_kind */
    unsigned char param; /* enum cloud_param */
    long min, max, step;
    const char *pattern;
    const char *text;
    uint32_t only; /* bits (1 << enum cloud_op) of the operations it holds for; 0: all */
};
#define CC_OP_BIT(op) (UINT32_C(1) << (CLOUD_OP_##op))

/* What the vendor demands of a password. */
struct cc_password_policy {
    int min, max;
    int classes;          /* of upper case, lower case, digits, specials: how many it must have */
    const char *specials; /* the special characters allowed */
    const char *const *forbidden; /* words it must not contain; NULL-ended; NULL: none */
    int runs; /* no run of that many consecutive letters or digits, up or down; 0: any */
    const char *const
        *keyboard; /* rows of a keyboard: no that many adjacent letters of one; NULL: none */
};

/* A length that is sold. { 0 } ends a table. */
struct cc_allowed_period {
    enum cloud_period_unit unit;
    int min, max;
    uint32_t only; /* as in struct cc_rule */
};

/* A vendor. Begin with CLOUD_PROVIDER_INIT. */
struct cloud_provider {
    size_t size;      /* of this struct, as the header has it that the provider was built against */
    uint32_t version; /* CLOUD_PROVIDER_VERSION of that header */
    uint32_t op_count; /* CLOUD_OP__COUNT of that header: the rows of ops */
    const char *name;  /* "jdcloud" */
    const char *title; /* "JD Cloud" */
    const struct cc_service *services;
    const struct cc_action *actions;
    const struct cc_arg *common; /* arguments of every action that has them; NULL: none */
    const struct cc_op_row *ops; /* CLOUD_OP__COUNT rows; a row of zeroes: unsupported */
    const struct cc_error_row *errors;
    const struct cc_rule *rules;
    const struct cc_allowed_period *periods;
    const struct cc_password_policy *password;
    const char *currency;  /* "CNY" */
    int utc_offset_s;      /* of times without a zone */
    const char *no_expiry; /* a time that means "none": its beginning, "2099-01-01"; NULL: none */
    bool needs_region;
    bool zone_is_region; /* its regions are what others call zones: the client's region is the
                            default zone */
    cc_sign_fn sign;
    cc_sign_fn sign_other; /* chosen by options->signature; NULL: there is only one */
    const char *sign_name, *sign_other_name; /* "JDCLOUD3", "JDCLOUD2" */
    /* judges an answer: fills what it finds. @root is NULL when the body is no JSON or empty */
    void (*envelope)(const struct cc_value *root, int http_status,
                     struct cc_envelope *ret_envelope);
    /* host of a service in a region; NULL: the service's own */
    const char *(*host)(const struct cc_service *service, const char *region);
    struct cloud_region *regions; /* where no action lists them, for cc_parse_regions(); { 0 } ends
                                     the table; NULL: none */
};
#define CLOUD_PROVIDER_INIT \
    .size = sizeof(struct cloud_provider), .version = CLOUD_PROVIDER_VERSION, \
    .op_count = CLOUD_OP__COUNT

/*
 * The one function that a shared object with a provider exports; what it returns lives as long as
 * the process. Write CLOUD_PROVIDER_EXPORT(my_provider) in one of its files.
 */
typedef const struct cloud_provider *(*cloud_provider_entry_fn)(void);
#define CLOUD_PROVIDER_ENTRY "cloud_provider_entry"
#define CLOUD_PROVIDER_EXPORT(provider) \
    CLOUD_API const struct cloud_provider *cloud_provider_entry(void); \
    const struct cloud_provider *cloud_provider_entry(void) \
    { \
        return &(provider); \
    }

#endif
