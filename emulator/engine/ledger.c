/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: every charge and refund, exact, oldest first, and the balance of each account. */
#include "emulator/engine/emulator.h"

#include <stdlib.h>
#include <string.h>

/* The balance of a new account: enough for any test that is not about an empty one. */
static const int64_t first_balance = INT64_C(1000000) * 1000000;

int64_t emu_balance(struct emu_world *world, const char *provider, const char *account)
{
    emu_sql(world, "INSERT OR IGNORE INTO balances VALUES(?, ?, ?)", "ssi", provider, account,
            emu_setting_int(world, "first_balance", first_balance));
    return emu_sql_int(world, "SELECT micros FROM balances WHERE provider = ? AND account = ?",
                       "ss", provider, account);
}

void emu_ledger_add(struct emu_world *world, const struct emu_charge *charge)
{
    emu_balance(world, charge->provider, charge->account);
    emu_sql(world, "UPDATE balances SET micros = micros - ? WHERE provider = ? AND account = ?",
            "iss", charge->micros, charge->provider, charge->account);
    emu_sql(world,
            "INSERT INTO charges(at, provider, account, region, kind, resource_id, order_id, "
            "client_token,"
            " currency, micros) VALUES(?,?,?,?,?,?,?,?,?,?)",
            "issssssssi", emu_now(world), charge->provider, charge->account, charge->region,
            charge->kind, charge->resource_id, charge->order_id, charge->client_token,
            charge->currency ? charge->currency : "CNY", charge->micros);
}

char *emu_money_text(struct emu_world *world, int64_t micros, int digits)
{
    uint64_t size = micros < 0 ? 0 - (uint64_t)micros : (uint64_t)micros;
    const char *sign = micros < 0 ? "-" : "";
    char *ret;

    ret = emu_text(world, "%s%llu.%06llu", sign, (unsigned long long)(size / 1000000),
                   (unsigned long long)(size % 1000000));
    ret[strlen(ret) - (size_t)(digits ? 6 - digits : 7)] = '\0';
    return ret;
}

char *emu_money_plain(struct emu_world *world, int64_t micros)
{
    char *ret = emu_money_text(world, micros, 6);

    for (size_t i = 0; i < 4 && ret[strlen(ret) - 1] == '0'; i++)
        ret[strlen(ret) - 1] = '\0';
    return ret;
}

bool emu_money_read(const char *text, int64_t *ret_micros)
{
    bool negative = *text == '-';
    int64_t value = 0;
    int digits = -1; /* decimal places read so far; -1 before the point */

    text += negative;
    if (*text < '0' || *text > '9')
        return false;
    for (; *text; text++) {
        if (*text == '.' && digits < 0) {
            digits = 0;
            continue;
        }
        if (*text < '0' || *text > '9' || (digits >= 0 && ++digits > 6))
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *text - '0', &value))
            return false;
    }
    for (digits = digits < 0 ? 0 : digits; digits < 6; digits++) {
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    }
    *ret_micros = negative ? -value : value;
    return true;
}

static yyjson_mut_val *shown_charge(struct emu_world *world, sqlite3_stmt *row)
{
    static const char *const names[] = { "provider",    "account",  "region",       "kind",
                                         "resource_id", "order_id", "client_token", "currency" };
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_int(world, ret, "id", sqlite3_column_int64(row, 0));
    emu_set_str(world, ret, "time", emu_time_iso(world, sqlite3_column_int64(row, 1)));
    for (size_t i = 0; i < EMU_COUNT(names); i++)
        emu_set_str(world, ret, names[i], emu_sql_text(world, row, (int)i + 2));
    emu_set_str(world, ret, "amount", emu_money_plain(world, sqlite3_column_int64(row, 10)));
    return ret;
}

/* The sum of each currency. */
static yyjson_mut_val *shown_totals(struct emu_world *world)
{
    sqlite3_stmt *row =
        emu_sql_query(world, "SELECT currency, sum(micros) FROM charges GROUP BY currency", "");
    yyjson_mut_val *ret = emu_obj(world);

    while (emu_sql_step(world, row))
        emu_set_str(world, ret, emu_sql_text(world, row, 0),
                    emu_money_plain(world, sqlite3_column_int64(row, 1)));
    return ret;
}

yyjson_mut_val *emu_ledger_shown(struct emu_world *world)
{
    sqlite3_stmt *row =
        emu_sql_query(world,
                      "SELECT serial, at, provider, account, region, kind, resource_id,"
                      " order_id, client_token, currency, micros FROM charges ORDER BY serial",
                      "");
    yyjson_mut_val *ret = emu_obj(world), *charges = emu_arr(world);

    while (emu_sql_step(world, row))
        emu_push(charges, shown_charge(world, row));
    emu_set(world, ret, "charges", charges);
    emu_set(world, ret, "totals", shown_totals(world));
    return ret;
}
