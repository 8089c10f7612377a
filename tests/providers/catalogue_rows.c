/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the rows of every provider as JSON: actions with their parameters, and errors with their
 * codes. check_document_tables.py compares them with the tables of the vendors' documents.
 */
#include <stdio.h>

#include "core/model/provider.h"

static void print_text(const char *name, const char *text, const char *suffix)
{
    printf("\"%s\":", name);
    if (text)
        printf("\"%s\"%s", text, suffix);
    else
        printf("null%s", suffix);
}

static void print_params(const char *provider, const struct cloud_action_info *action)
{
    struct cloud_action_param param = CLOUD_ACTION_PARAM_INIT;

    for (size_t n = 0; cloud_action_param(provider, action->number, n, &param); n++) {
        printf("%s{", n ? "," : "");
        print_text("name", param.name, ",");
        print_text("where", param.where, ",");
        print_text("type", param.type, ",");
        print_text("instead_of", param.instead_of, ",");
        printf("\"required\":%s}", param.required ? "true" : "false");
    }
}

static void print_actions(const char *provider)
{
    struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;

    for (size_t n = 0; cloud_action_info(provider, n, &action); n++) {
        printf("%s\n{", n ? "," : "");
        print_text("name", action.name, ",");
        print_text("service", action.service, ",");
        print_text("method", action.method, ",");
        print_text("host", action.host, ",");
        print_text("base", action.base, ",\"parameters\":[");
        print_params(provider, &action);
        printf("]}");
    }
}

static void print_errors(const struct cloud_provider *provider)
{
    for (const struct cc_error_row *row = provider->errors; row->means; row++) {
        printf("%s\n{\"http\":%d,", row == provider->errors ? "" : ",", row->http);
        print_text("code", row->code, ",");
        print_text("has", row->has, ",");
        print_text("means", cloud_code_name(row->means), "}");
    }
}

int main(void)
{
    printf("{");
    for (size_t n = 0; cc_provider_at(n); n++) {
        printf("%s\"%s\":{\"actions\":[", n ? ",\n" : "", cc_provider_at(n)->name);
        print_actions(cc_provider_at(n)->name);
        printf("],\"errors\":[");
        print_errors(cc_provider_at(n));
        printf("]}");
    }
    printf("}\n");
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
