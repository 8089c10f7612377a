/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the values of many paths in one walk of a JSON object, by an index of the paths. */
#include "core/json/internal.h"
#include "core/base/memory.h"

enum { BUCKETS = 32 };

/* A name to find among the members of one object. */
struct index_name {
    const char *name; /* a part of a path, so without a NUL at its end */
    size_t len;
    int rank;  /* position among alternatives, from 0 */
    int slot;  /* -1: none */
    int child; /* node of the names below this one; 0: none */
    int next;  /* the next name in the bucket; 0: none */
};

struct index_node {
    int buckets[BUCKETS];
};

struct cc_json_index {
    struct index_node *nodes;
    struct index_name *names; /* the first is at index 1 */
    int node_count, name_count;
};

/* Names that differ only in case have the same bucket. */
static size_t bucket_of(const char *name, size_t len)
{
    return len ? (len + ((unsigned char)name[0] | 0x20u) * 5 +
                  ((unsigned char)name[len - 1] | 0x20u) * 3) %
                     BUCKETS
               : 0;
}

static int add_node(struct cc_json_index *index)
{
    struct index_node *grown =
        reallocarray(index->nodes, (size_t)index->node_count + 1, sizeof(*grown));

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

/* Returns the index of the new name; 0 when out of memory. */
static int add_name(struct cc_json_index *index, int node, const char *name, size_t len)
{
    struct index_name *grown =
        reallocarray(index->names, (size_t)index->name_count + 2, sizeof(*grown));
    int *bucket = &index->nodes[node].buckets[bucket_of(name, len)];

    if (!grown)
        return 0;
    index->names = grown;
    grown[++index->name_count] =
        (struct index_name){ .name = name, .len = len, .slot = -1, .next = *bucket };
    *bucket = index->name_count;
    return index->name_count;
}

/* Finds or adds the name of an object inside a path. */
static int intermediate_name(struct cc_json_index *index, int node, const char *name, size_t len)
{
    for (int at = index->nodes[node].buckets[bucket_of(name, len)]; at;
         at = index->names[at].next) {
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
        int at = intermediate_name(index, node, path, (size_t)(dot - path));
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

/* Compares short names without a call: a page of a listing has thousands. */
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

struct search {
    const struct cc_json_index *index;
    const struct cc_value **found;
    int ranks[64];    /* of the values in .found */
    uint64_t visited; /* nodes, one bit each */
};

static bool walk(struct search *search, int node, yyjson_val *object);

/* Takes a member whose name is in the index. False: the object has an unusual form. */
static bool take_member(struct search *search, const struct index_name *name, yyjson_val *val)
{
    if (name->slot >= 0 && (!search->found[name->slot] || name->rank < search->ranks[name->slot])) {
        search->found[name->slot] = (const struct cc_value *)val;
        search->ranks[name->slot] = name->rank;
    }
    if (!name->child || !unsafe_yyjson_is_obj(val))
        return true;
    if (name->child > 63 || (search->visited >> name->child & 1)) /* two members of this name */
        return false;
    search->visited |= UINT64_C(1) << name->child;
    return walk(search, name->child, val);
}

static bool walk(struct search *search, int node, yyjson_val *object)
{
    const struct cc_json_index *index = search->index;
    size_t left = unsafe_yyjson_get_len(object);
    yyjson_val *key = unsafe_yyjson_get_first(object);

    for (; left > 0; left--, key = unsafe_yyjson_get_next(key + 1)) {
        const char *text = unsafe_yyjson_get_str(key);
        size_t len = unsafe_yyjson_get_len(key);
        int at =
            unsafe_yyjson_is_null(key + 1) ? 0 : index->nodes[node].buckets[bucket_of(text, len)];

        for (; at; at = index->names[at].next) {
            const struct index_name *name = &index->names[at];

            if (name->len != len)
                continue;
            /* for a name that differs in case cc_value_find() knows the rules */
            if (same_name(name->name, text, len) ? !take_member(search, name, key + 1)
                                                 : cc_ascii_ncasecmp(name->name, text, len) == 0)
                return false;
        }
    }
    return true;
}

bool cc_json_index_find(const struct cc_json_index *index, const struct cc_value *object,
                        const struct cc_value **ret_found, size_t slots)
{
    struct search search = { .index = index, .found = ret_found };

    memset(ret_found, 0, slots * sizeof(*ret_found));
    if (!yyjson_is_obj(cc_as_val(object)) || slots > CC_COUNT(search.ranks))
        return false;
    return walk(&search, 0, cc_as_val(object));
}
