/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON, read and written: the only file that includes the JSON library. Values and nodes are the
 * library's own, seen through opaque names; numbers stay the digits of the text. What a document
 * means is for others to say.
 */
#include "core/json.h"
#include "core/error.h"
#include "core/mem.h"

#include <stdio.h>
#include <strings.h>
#include <yyjson.h>

enum { DEPTH_MAX = 64 };

_Static_assert(CC_JSON_PADDING >= YYJSON_PADDING_SIZE, "room for reading in place");
_Static_assert(CC_BUF_SPARE >= CC_JSON_PADDING, "a buffer can be read in place");

static yyjson_val *as_val(const void *value)
{
    return (yyjson_val *)value;
}

static yyjson_mut_val *as_mut(const void *node)
{
    return (yyjson_mut_val *)node;
}

/*
 * ---- memory that is used again: pieces are cut from one block, what does not fit is lent by malloc() and makes the
 * block larger for the next time
 */

struct lent {
    struct lent *next;
    size_t size;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct cc_json_memory {
    yyjson_alc alc;
    unsigned char *block;
    size_t used, size, wanted;
    unsigned char *last; /* the piece that was cut last: it alone can grow and shrink where it is */
    struct lent *lent;
};

static void *cut(void *user, size_t size)
{
    struct cc_json_memory *memory = user;
    const size_t align = _Alignof(max_align_t);
    struct lent *lent;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) / align * align;
    memory->wanted += size;
    if (memory->size - memory->used >= size) {
        memory->last = memory->block + memory->used;
        memory->used += size;
        return memory->last;
    }
    lent = malloc(sizeof(*lent) + size);
    if (!lent)
        return NULL;
    lent->next = memory->lent;
    lent->size = size;
    memory->lent = lent;
    return lent->bytes;
}

static void *cut_again(void *user, void *piece, size_t old_size, size_t size)
{
    struct cc_json_memory *memory = user;
    const size_t align = _Alignof(max_align_t);
    void *other;

    if (size <= old_size)
        return piece;
    if (piece == memory->last && size <= memory->size - (size_t)(memory->last - memory->block)) {
        memory->used = (size_t)(memory->last - memory->block) + (size + align - 1) / align * align;
        if (memory->used > memory->size)
            memory->used = memory->size;
        return piece;
    }
    other = cut(user, size);
    if (other)
        memcpy(other, piece, old_size);
    return other;
}

static void keep(void *user, void *piece)
{
    (void)user, (void)piece; /* all of it goes at once */
}

/* @secret: what was in it is wiped */
static void start_again(struct cc_json_memory *memory, bool secret)
{
    if (secret)
        cc_wipe(memory->block, memory->used);
    while (memory->lent) {
        struct lent *next = memory->lent->next;

        if (secret)
            cc_wipe(memory->lent->bytes, memory->lent->size);
        free(memory->lent);
        memory->lent = next;
    }
    if (memory->wanted > memory->size) {
        free(memory->block);
        memory->block = malloc(memory->wanted);
        memory->size = memory->block ? memory->wanted : 0;
    }
    memory->used = memory->wanted = 0;
    memory->last = NULL;
}

struct cc_json_memory *cc_json_memory_new(void)
{
    struct cc_json_memory *memory = calloc(1, sizeof(*memory));

    if (!memory)
        return NULL;
    memory->alc = (yyjson_alc){ cut, cut_again, keep, memory };
    memory->wanted = 4096;
    return memory;
}

void cc_json_memory_free(struct cc_json_memory *memory)
{
    if (!memory)
        return;
    start_again(memory, false);
    free(memory->block);
    free(memory);
}

void cc_json_mend_escapes(char *text, size_t len)
{
    char *end = text + len;

    for (char *at = text; (at = memchr(at, '\\', (size_t)(end - at))); at += 2) {
        if (end - at > 5 && memcmp(at + 1, "u0000", 5) == 0)
            memcpy(at + 2, "fffd", 4);
        if (end - at < 2)
            break;
    }
}

/*
 * What the library itself does not limit: strings with a NUL in them, which no C string can hold and which would be cut
 * short in silence. A backslash stands in strings only, or the library finds it.
 */
static int check_escapes(const char *text, size_t len, struct cloud_error *err)
{
    const char *end = text + len;

    for (const char *at = text; (at = memchr(at, '\\', (size_t)(end - at))); at += 2) {
        if (end - at > 5 && memcmp(at + 1, "u0000", 5) == 0)
            return cc_fail(err, CLOUD_EPROTOCOL, "JSON string with a NUL at byte %zu", (size_t)(at - text));
        if (end - at < 2)
            break;
    }
    return CLOUD_OK;
}

/* ... and nesting. Values stand behind each other in the order of the text; a container knows where it ends. */
static int check_depth(const yyjson_doc *doc, struct cloud_error *err)
{
    const yyjson_val *val = doc->root, *end = val + yyjson_doc_get_val_count((yyjson_doc *)doc);
    const yyjson_val *ends[DEPTH_MAX];
    int depth = 0;

    _Static_assert((YYJSON_TYPE_ARR & 6) == 6 && (YYJSON_TYPE_OBJ & 6) == 6, "lists and objects, and nothing else");
    for (; val < end; val++) {
        if ((val->tag & 6) != 6)
            continue;
        while (depth > 0 && val >= ends[depth - 1])
            depth--;
        if (depth == DEPTH_MAX)
            return cc_fail(err, CLOUD_EPROTOCOL, "JSON nested deeper than %d", DEPTH_MAX);
        ends[depth++] = unsafe_yyjson_get_next((yyjson_val *)val);
    }
    return CLOUD_OK;
}

static int parse(const yyjson_alc *alc, char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
{
    const yyjson_read_flag flags =
        YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_ALLOW_TRAILING_COMMAS |
        YYJSON_READ_ALLOW_INVALID_UNICODE; /* a word of bytes that are no UTF-8 must not cost the whole list */
    yyjson_read_err why;
    yyjson_doc *doc;
    int code;

    if (!text || len == 0)
        return cc_fail(err, CLOUD_EPROTOCOL, "not JSON: the text is empty");
    code = check_escapes(text, len, err);
    if (code)
        return code;
    doc = yyjson_read_opts(text, len, flags, alc, &why);
    if (!doc && why.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory while reading JSON");
    if (!doc)
        return cc_fail(err, CLOUD_EPROTOCOL, "not JSON at byte %zu of %zu: %s", why.pos, len,
                       why.msg);
    code = check_depth(doc, err);
    if (code) {
        yyjson_doc_free(doc);
        return code;
    }
    *ret_doc = (struct cc_doc *)doc;
    return CLOUD_OK;
}

int cc_doc_parse(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
{
    return parse(NULL, text, len, ret_doc, err);
}

int cc_doc_parse_in(struct cc_json_memory *memory, char *text, size_t len, struct cc_doc **ret_doc,
                    struct cloud_error *err)
{
    if (!memory)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory while reading JSON");
    start_again(memory, false);
    return parse(&memory->alc, text, len, ret_doc, err);
}

void cc_doc_free(struct cc_doc *doc)
{
    yyjson_doc_free((yyjson_doc *)doc);
}

const struct cc_value *cc_doc_root(const struct cc_doc *doc)
{
    return (const struct cc_value *)yyjson_doc_get_root((yyjson_doc *)doc);
}

static enum cc_json_kind kind_of(yyjson_type type)
{
    switch (type) {
    case YYJSON_TYPE_BOOL: return CC_JSON_BOOL;
    case YYJSON_TYPE_RAW:
    case YYJSON_TYPE_NUM: return CC_JSON_NUMBER;
    case YYJSON_TYPE_STR: return CC_JSON_STRING;
    case YYJSON_TYPE_ARR: return CC_JSON_LIST;
    case YYJSON_TYPE_OBJ: return CC_JSON_OBJECT;
    default: return CC_JSON_NULL;
    }
}

enum cc_json_kind cc_value_kind(const struct cc_value *value)
{
    return kind_of(yyjson_get_type(as_val(value)));
}

const char *cc_json_kind_name(enum cc_json_kind kind)
{
    static const char *const names[] = { "null", "boolean", "number", "string", "list", "object" };

    return (size_t)kind < CC_COUNT(names) ? names[kind] : "nothing";
}

const char *cc_value_text(const struct cc_value *value)
{
    yyjson_val *val = as_val(value);

    if (yyjson_is_raw(val))
        return yyjson_get_raw(val);
    if (yyjson_is_bool(val))
        return yyjson_get_bool(val) ? "true" : "false";
    return yyjson_get_str(val);
}

size_t cc_value_count(const struct cc_value *value)
{
    return yyjson_is_ctn(as_val(value)) ? yyjson_get_len(as_val(value)) : 0;
}

const struct cc_value *cc_iter_next(struct cc_iter *iter, const char **ret_name)
{
    yyjson_val *container = as_val(iter->container);
    yyjson_val *at;

    if (iter->index >= cc_value_count(iter->container))
        return NULL;
    at = iter->index == 0 ? unsafe_yyjson_get_first(container)
                          : unsafe_yyjson_get_next(as_val(iter->at));
    if (ret_name)
        *ret_name = yyjson_is_obj(container) ? yyjson_get_str(at) : NULL;
    if (yyjson_is_obj(container))
        at++; /* a member's value stands behind its name */
    iter->index++;
    iter->at = at;
    return (const struct cc_value *)at;
}

/* Whether a member's name is @wanted[0..len): 2 exactly, 1 but for case, 0 not. */
static int match(const char *name, const char *wanted, size_t len)
{
    if (((unsigned char)*name ^ (unsigned char)*wanted) & ~0x20u)
        return 0; /* most names differ in their first letter already */
    if (strncasecmp(name, wanted, len) != 0 || name[len])
        return 0;
    return memcmp(name, wanted, len) == 0 ? 2 : 1;
}

/* How to step through members: read and built documents are searched by the same code. */
struct walker {
    const struct cc_value *(*next)(struct cc_iter *iter, const char **ret_name);
    bool (*is_null)(const void *value);
};

/* Whether "0", "1", … names the element at @index of a list. */
static bool match_index(size_t index, const char *wanted, size_t len)
{
    size_t number = 0;

    for (size_t i = 0; i < len; i++) {
        if (wanted[i] < '0' || wanted[i] > '9' || len > 6)
            return false;
        number = number * 10 + (size_t)(wanted[i] - '0');
    }
    return len > 0 && number == index;
}

static const void *find_member(const struct walker *walker, const void *object, const char *wanted,
                               size_t len)
{
    struct cc_iter iter = { .container = object };
    const void *value, *similar = NULL;
    const char *name;

    while ((value = walker->next(&iter, &name))) {
        int quality = name && !walker->is_null(value) ? match(name, wanted, len) : 0;

        if (quality == 2 || (!name && match_index(iter.index - 1, wanted, len)))
            return value;
        if (quality == 1 && !similar)
            similar = value;
    }
    return similar;
}

static const void *find_path(const struct walker *walker, const void *from, const char *path)
{
    while (from && *path) {
        const char *end = path + strcspn(path, ".");
        const void *found = NULL;

        while (path < end) {
            size_t len = strcspn(path, ".|");

            if (!found)
                found = find_member(walker, from, path, len);
            path += len;
            if (*path == '|')
                path++;
        }
        from = found;
        if (*path == '.')
            path++;
    }
    return from && !walker->is_null(from) ? from : NULL;
}

static bool value_is_null(const void *value)
{
    return yyjson_is_null(as_val(value));
}

const struct cc_value *cc_value_find(const struct cc_value *value, const char *path)
{
    static const struct walker values = { cc_iter_next, value_is_null };

    return find_path(&values, value, path);
}

char *cc_value_write(const struct cc_value *value)
{
    return value ? yyjson_val_write(as_val(value), YYJSON_WRITE_ALLOW_INVALID_UNICODE, NULL) : strdup("null");
}

/* ---- many paths at once */

enum { BUCKETS = 32 };

/* a name that is looked for among the members of one object */
struct index_name {
    const char *name; /* not ended: it is a part of a path */
    size_t len;
    int rank;  /* among alternatives, from 0 */
    int slot;  /* -1: none */
    int child; /* node of the names below it; 0: none */
    int next;  /* in the bucket; 0: the last */
};

struct index_node {
    int buckets[BUCKETS];
};

struct cc_json_index {
    struct index_node *nodes;
    struct index_name *names; /* from 1 */
    int node_count, name_count;
};

/* the same for names that differ in case only */
static size_t bucket_of(const char *name, size_t len)
{
    return len ? (len + ((unsigned char)name[0] | 0x20u) * 5 + ((unsigned char)name[len - 1] | 0x20u) * 3) % BUCKETS : 0;
}

static int add_node(struct cc_json_index *index)
{
    struct index_node *grown = reallocarray(index->nodes, (size_t)index->node_count + 1, sizeof(*grown));

    if (!grown)
        return -1;
    index->nodes = grown;
    grown[index->node_count] = (struct index_node){ { 0 } };
    return index->node_count++;
}

struct cc_json_index *cc_json_index_new(void)
{
    struct cc_json_index *index = calloc(1, sizeof(*index));

    if (index && add_node(index) == 0)
        return index;
    free(index);
    return NULL;
}

void cc_json_index_free(struct cc_json_index *index)
{
    if (!index)
        return;
    free(index->nodes);
    free(index->names);
    free(index);
}

/* 0 when out of memory */
static int add_name(struct cc_json_index *index, int node, const char *name, size_t len)
{
    struct index_name *grown = reallocarray(index->names, (size_t)index->name_count + 2, sizeof(*grown));
    int *bucket = &index->nodes[node].buckets[bucket_of(name, len)];

    if (!grown)
        return 0;
    index->names = grown;
    grown[++index->name_count] = (struct index_name){ .name = name, .len = len, .slot = -1, .next = *bucket };
    *bucket = index->name_count;
    return index->name_count;
}

/* the name of an object on the way, or a new one */
static int name_on_the_way(struct cc_json_index *index, int node, const char *name, size_t len)
{
    for (int at = index->nodes[node].buckets[bucket_of(name, len)]; at; at = index->names[at].next) {
        const struct index_name *known = &index->names[at];

        if (known->child && known->len == len && memcmp(known->name, name, len) == 0)
            return at;
    }
    return add_name(index, node, name, len);
}

bool cc_json_index_add(struct cc_json_index *index, const char *path, int slot)
{
    int node = 0, rank = 0;
    const char *dot;

    while ((dot = strchr(path, '.'))) {
        int at = name_on_the_way(index, node, path, (size_t)(dot - path));
        int child = at && !index->names[at].child ? add_node(index) : 0;

        if (!at || child < 0)
            return false;
        if (child)
            index->names[at].child = child;
        node = index->names[at].child;
        path = dot + 1;
    }
    for (;; rank++) {
        size_t len = strcspn(path, "|");
        int at = add_name(index, node, path, len);

        if (!at)
            return false;
        index->names[at].slot = slot;
        index->names[at].rank = rank;
        path += len;
        if (!*path++)
            return true;
    }
}

/* Short names, of which there are thousands in a page: no call for each. */
static inline bool same_name(const char *a, const char *b, size_t len)
{
    uint64_t head[2] = { 0 }, tail[2] = { 0 };

    if (len > 16)
        return memcmp(a, b, len) == 0;
    if (len >= 8) {
        memcpy(&head[0], a, 8);
        memcpy(&head[1], b, 8);
        memcpy(&tail[0], a + len - 8, 8);
        memcpy(&tail[1], b + len - 8, 8);
    } else if (len >= 4) {
        memcpy(&head[0], a, 4);
        memcpy(&head[1], b, 4);
        memcpy(&tail[0], a + len - 4, 4);
        memcpy(&tail[1], b + len - 4, 4);
    } else {
        return memcmp(a, b, len) == 0;
    }
    return head[0] == head[1] && tail[0] == tail[1];
}

struct finding {
    const struct cc_json_index *index;
    const struct cc_value **found;
    int ranks[64];
    uint64_t visited; /* nodes */
};

static bool walk(struct finding *finding, int node, yyjson_val *object);

/* a member whose name fits one that is looked for; false: this object is odd */
static bool take_member(struct finding *finding, const struct index_name *name, bool exact, yyjson_val *val)
{
    int rank = 2 * name->rank + !exact;

    if (name->slot >= 0 && (!finding->found[name->slot] || rank < finding->ranks[name->slot])) {
        finding->found[name->slot] = (const struct cc_value *)val;
        finding->ranks[name->slot] = rank;
    }
    if (!name->child || !unsafe_yyjson_is_obj(val))
        return true;
    /* two of a name, or one by a similar name: which counts is cc_value_find()'s to say */
    if (!exact || name->child > 63 || (finding->visited >> name->child & 1))
        return false;
    finding->visited |= UINT64_C(1) << name->child;
    return walk(finding, name->child, val);
}

static bool walk(struct finding *finding, int node, yyjson_val *object)
{
    const struct cc_json_index *index = finding->index;
    size_t left = unsafe_yyjson_get_len(object);
    yyjson_val *key = unsafe_yyjson_get_first(object);

    for (; left > 0; left--, key = unsafe_yyjson_get_next(key + 1)) {
        const char *text = unsafe_yyjson_get_str(key);
        size_t len = unsafe_yyjson_get_len(key);
        int at = unsafe_yyjson_is_null(key + 1) ? 0 : index->nodes[node].buckets[bucket_of(text, len)];

        for (; at; at = index->names[at].next) {
            const struct index_name *name = &index->names[at];
            bool exact;

            if (name->len != len)
                continue;
            exact = same_name(name->name, text, len);
            if ((exact || strncasecmp(name->name, text, len) == 0) && !take_member(finding, name, exact, key + 1))
                return false;
        }
    }
    return true;
}

bool cc_json_index_find(const struct cc_json_index *index, const struct cc_value *object, const struct cc_value **ret_found,
                        size_t slots)
{
    struct finding finding = { .index = index, .found = ret_found };

    memset(ret_found, 0, slots * sizeof(*ret_found));
    if (!yyjson_is_obj(as_val(object)) || slots > CC_COUNT(finding.ranks))
        return false;
    return walk(&finding, 0, as_val(object));
}

/* ---- writing */

struct cc_tree {
    yyjson_mut_doc *doc;
    struct cc_json_memory *memory; /* NULL: its own */
    bool failed;
};

static struct cc_tree *make_tree(const yyjson_alc *alc, struct cc_tree *tree)
{
    yyjson_mut_val *root;

    if (!tree)
        return NULL;
    tree->doc = yyjson_mut_doc_new(alc);
    root = tree->doc ? yyjson_mut_obj(tree->doc) : NULL;
    if (!root) {
        cc_tree_free(tree);
        return NULL;
    }
    yyjson_mut_doc_set_root(tree->doc, root);
    return tree;
}

struct cc_tree *cc_tree_new(void)
{
    return make_tree(NULL, calloc(1, sizeof(struct cc_tree)));
}

struct cc_tree *cc_tree_new_in(struct cc_json_memory *memory)
{
    struct cc_tree *tree;

    start_again(memory, false);
    tree = cut(memory, sizeof(*tree));
    if (tree)
        *tree = (struct cc_tree){ .memory = memory };
    return make_tree(&memory->alc, tree);
}

void cc_tree_free(struct cc_tree *tree)
{
    if (tree && tree->memory) {
        start_again(tree->memory, true); /* a password was among the parameters, perhaps */
        return;
    }
    if (tree)
        yyjson_mut_doc_free(tree->doc);
    free(tree);
}

struct cc_node *cc_tree_root(struct cc_tree *tree)
{
    return (struct cc_node *)yyjson_mut_doc_get_root(tree->doc);
}

/* Puts @val's content into a place that already hangs in the tree. */
static void assign(struct cc_tree *tree, yyjson_mut_val *place, const yyjson_mut_val *val)
{
    if (!place || !val) {
        tree->failed = true;
        return;
    }
    place->tag = val->tag;
    place->uni = val->uni;
}

/* The member of an object, made (as null) when not there; @object is made one if it is none. */
static yyjson_mut_val *member(struct cc_tree *tree, yyjson_mut_val *object, const char *name,
                              size_t len)
{
    yyjson_mut_val *key, *val;

    if (!yyjson_mut_is_obj(object))
        assign(tree, object, yyjson_mut_obj(tree->doc));
    val = yyjson_mut_obj_getn(object, name, len);
    if (val)
        return val;
    key = yyjson_mut_strncpy(tree->doc, name, len);
    val = yyjson_mut_null(tree->doc);
    if (!key || !val || !yyjson_mut_obj_add(object, key, val)) {
        tree->failed = true;
        return NULL;
    }
    return val;
}

/* The place at a dotted path below @node, with the objects between. */
static yyjson_mut_val *place_at(struct cc_tree *tree, struct cc_node *node, const char *path)
{
    yyjson_mut_val *place = as_mut(node);

    while (place && !tree->failed && *path) {
        size_t len = strcspn(path, ".");

        place = member(tree, place, path, len);
        path += len;
        if (*path == '.')
            path++;
    }
    if (!place)
        tree->failed = true;
    return tree->failed ? NULL : place;
}

/* NULL, of memory that was not there, sticks as a failure */
static yyjson_mut_val *text_value(struct cc_tree *tree, const char *text)
{
    return text && cc_is_utf8(text) ? yyjson_mut_strcpy(tree->doc, text) : NULL;
}

void cc_tree_set_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                      const char *text)
{
    assign(tree, place_at(tree, node, path), text_value(tree, text));
}

static const char *skip_digits(const char *text)
{
    return text + strspn(text, "0123456789");
}

/* JSON's own form: no leading zeroes or plus sign, digits on both sides of the point. */
static bool is_number(const char *text)
{
    const char *at = text + (*text == '-');
    const char *end = *at == '0' ? at + 1 : skip_digits(at);

    if (end == at)
        return false;
    if (*end == '.') {
        at = end + 1;
        end = skip_digits(at);
        if (end == at)
            return false;
    }
    if (*end == 'e' || *end == 'E') {
        at = end + 1 + (end[1] == '+' || end[1] == '-');
        end = skip_digits(at);
        if (end == at)
            return false;
    }
    return *end == '\0';
}

void cc_tree_set_number(struct cc_tree *tree, struct cc_node *node, const char *path,
                        const char *digits)
{
    yyjson_mut_val *val = is_number(digits) ? yyjson_mut_rawcpy(tree->doc, digits) : NULL;

    assign(tree, place_at(tree, node, path), val);
}

void cc_tree_set_int(struct cc_tree *tree, struct cc_node *node, const char *path, int64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%lld", (long long)value);
    cc_tree_set_number(tree, node, path, digits);
}

void cc_tree_set_bool(struct cc_tree *tree, struct cc_node *node, const char *path, bool value)
{
    assign(tree, place_at(tree, node, path), yyjson_mut_bool(tree->doc, value));
}

void cc_tree_set_value(struct cc_tree *tree, struct cc_node *node, const char *path,
                       const struct cc_value *value)
{
    yyjson_mut_val *copy =
        value ? yyjson_val_mut_copy(tree->doc, as_val(value)) : yyjson_mut_null(tree->doc);

    assign(tree, place_at(tree, node, path), copy);
}

static struct cc_node *append(struct cc_tree *tree, struct cc_node *node, const char *path,
                              yyjson_mut_val *val)
{
    yyjson_mut_val *list = place_at(tree, node, path);

    if (list && !yyjson_mut_is_arr(list))
        assign(tree, list, yyjson_mut_arr(tree->doc));
    if (!list || !val || tree->failed || !yyjson_mut_arr_append(list, val)) {
        tree->failed = true;
        return NULL;
    }
    return (struct cc_node *)val;
}

struct cc_node *cc_tree_append(struct cc_tree *tree, struct cc_node *node, const char *path)
{
    return append(tree, node, path, yyjson_mut_obj(tree->doc));
}

void cc_tree_append_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                         const char *text)
{
    append(tree, node, path, text_value(tree, text));
}

static const struct cc_value *node_step(struct cc_iter *iter, const char **ret_name)
{
    yyjson_mut_val *container = as_mut(iter->container);
    bool named = yyjson_mut_is_obj(container);
    yyjson_mut_val *at;

    if (!yyjson_mut_is_ctn(container) || iter->index >= yyjson_mut_get_len(container))
        return NULL;
    if (iter->index > 0)
        at = as_mut(iter->at)->next;
    else /* a container points to its last element or last name, and they go round in a ring */
        at = named ? as_mut(container->uni.ptr)->next->next : as_mut(container->uni.ptr)->next;
    if (ret_name)
        *ret_name = named ? yyjson_mut_get_str(at) : NULL;
    if (named)
        at = at->next;
    iter->index++;
    iter->at = at;
    return (const struct cc_value *)at;
}

struct cc_node *cc_node_next(struct cc_node_iter *iter, const char **ret_name)
{
    struct cc_iter step = { (const struct cc_value *)iter->container, iter->index, iter->at };
    struct cc_node *node = (struct cc_node *)node_step(&step, ret_name);

    iter->index = step.index;
    iter->at = (void *)step.at;
    return node;
}

static bool node_is_null(const void *node)
{
    return yyjson_mut_is_null(as_mut(node));
}

struct cc_node *cc_node_find(struct cc_node *node, const char *path)
{
    static const struct walker nodes = { node_step, node_is_null };

    return (struct cc_node *)find_path(&nodes, node, path);
}

enum cc_json_kind cc_node_kind(const struct cc_node *node)
{
    return kind_of(yyjson_mut_get_type(as_mut(node)));
}

size_t cc_node_count(const struct cc_node *node)
{
    return yyjson_mut_is_ctn(as_mut(node)) ? yyjson_mut_get_len(as_mut(node)) : 0;
}

const char *cc_node_text(struct cc_node *node)
{
    yyjson_mut_val *val = as_mut(node);

    if (yyjson_mut_is_raw(val))
        return yyjson_mut_get_raw(val);
    if (yyjson_mut_is_bool(val))
        return yyjson_mut_get_bool(val) ? "true" : "false";
    return yyjson_mut_get_str(val);
}

void cc_node_remove(struct cc_node *node, const char *name)
{
    yyjson_mut_obj_remove_key(as_mut(node), name);
}

char *cc_tree_write(struct cc_tree *tree, struct cc_node *node, size_t *ret_len)
{
    yyjson_mut_val *from = node ? as_mut(node) : yyjson_mut_doc_get_root(tree->doc);
    size_t len = 0;
    char *text = tree->failed ? NULL : yyjson_mut_val_write(from, YYJSON_WRITE_NOFLAG, &len);

    if (text && ret_len)
        *ret_len = len;
    return text;
}
