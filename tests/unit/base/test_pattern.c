/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of core/base/pattern.c: it decides as regexec() of the C library does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <regex.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/memory.h"
#include "core/base/pattern.h"

static const char *const patterns[] = {
    "^(ssd_)?system_disk$",
    "^[^,]+$",
    "^(instance_type|system_disk)$",
    "[^.]$",
    "^ssd$",
    "^[a-z][a-z0-9_-]{2,4}$",
    "^([a-z]+|[0-9]{1,3}|-)*$",
    "^(a|ab)(c|bcd)(d*)$",
    "^(a*)*$",
    "^(a?){3}b$",
    "(x|y){2}",
    "^[]a]+$",
    "^[^]a]+$",
    "^[[:digit:]_][[:xdigit:]]*$",
    "^[^[:cntrl:][:space:]]+$",
    "^a\\.b\\*$",
    "^.$",
    "^é+$",
    "",
    "a|^b|c$",
    "^(a(b(c)?)?)?$",
    ("^[^]. !\"#$%&'()*+,/:;<=>?@\\^`{|}~[[:cntrl:]]"
     "([^] !\"#$%&'()*+,/:;<=>?@\\^`{|}~[[:cntrl:]]|\\[[0-9]{1,4}\\])*$"),
};

static const char *const texts[] = {
    "",
    "a",
    "b",
    "c",
    "ab",
    "abc",
    "abcd",
    "aaab",
    "aab",
    "aaaab",
    "xyx",
    "x",
    "system_disk",
    "ssd_system_disk",
    "ssd",
    "i-1,i-2",
    "i-1",
    "é",
    "éé",
    "ü",
    "é1",
    "]a]",
    "web-[001]",
    "web-[00001]",
    "web.",
    ".web",
    "a.b*",
    "a.bb",
    "web 1",
    "web\n",
    "ab-12-cd",
    "a1b",
    "_x9",
    "9x",
    "a-b_",
    "A",
    "instance_type",
    "节点-1",
    "instance_types",
    "ab1234",
    "a\tb",
    "web[1]x",
    "[1]",
};

static bool oracle(const char *pattern, const char *text)
{
    regex_t compiled;
    bool found;

    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    found = !regexec(&compiled, text, 0, NULL, 0);
    regfree(&compiled);
    return found;
}

static void test_pattern__decides_as_the_c_library(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    for (size_t i = 0; i < CC_COUNT(patterns); i++) {
        assert_true(cc_pattern_is_valid(patterns[i]));
        for (size_t k = 0; k < CC_COUNT(texts); k++) {
            if (cc_pattern_matches(patterns[i], texts[k]) != oracle(patterns[i], texts[k]))
                fail_msg("%s and \"%s\": not as regexec()", patterns[i], texts[k]);
        }
    }
}

static void test_pattern__the_locale_changes_nothing(void **state)
{
    (void)state;
    setlocale(LC_CTYPE, "C");
    assert_true(cc_pattern_matches("^.$", "é"));
    assert_false(cc_pattern_matches("^[[:alpha:]]$", "é"));
    assert_false(cc_pattern_matches("^[^[:cntrl:]]+$", "a\xc2\x85"));
}

static void test_pattern__what_is_not_valid_matches_nothing(void **state)
{
    static const char *const bad[] = { "[a",     "(a",   "a)",         "*a",      "a{",
                                       "a{2,1}", "a{x}", "[[:nope:]]", "[[.a.]]", "(a)\\1",
                                       "a\\",    "(*a)", "a|+" };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        if (cc_pattern_is_valid(bad[i]))
            fail_msg("%s is said to be valid", bad[i]);
    }
    assert_false(cc_pattern_matches("^(a", "a"));
}

/* a pattern that would take for ever, and a text that would take the whole stack */
static void test_pattern__work_is_limited(void **state)
{
    char *text = malloc(1 << 20);

    (void)state;
    memset(text, 'a', (1 << 20) - 1);
    text[(1 << 20) - 1] = '\0';
    assert_false(cc_pattern_matches("^(a|b)*$", text));
    assert_true(cc_pattern_matches("^(a|b)*", text));
    assert_false(cc_pattern_matches("^(a*)*b$", text + (1 << 20) - 64));
    text[400] = '\0';
    assert_true(cc_pattern_matches("^(a|b)*$", text));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pattern__decides_as_the_c_library),
        cmocka_unit_test(test_pattern__the_locale_changes_nothing),
        cmocka_unit_test(test_pattern__what_is_not_valid_matches_nothing),
        cmocka_unit_test(test_pattern__work_is_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
