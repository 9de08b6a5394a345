// A bytecode interpreter with threaded code, as language runtimes have it. It runs a program that counts the
// steps of Collatz's sequences, with a function call for each number and a table of how often each remainder
// came up.

#include "../bench.h"

enum Operation {
    PUSH,
    LOAD,
    STORE,
    ADD,
    MULTIPLY,
    AND,
    SHIFT_RIGHT,
    EQUAL,
    LESS,
    BUMP,
    JUMP,
    JUMP_IF,
    CALL,
    RETURN,
    HALT
};
enum { variable_count = 4, table_size = 64, stack_size = 64, code_size = 96, limit = 15000 };
enum Variable { N, X, STEPS, REMAINDER };

static int64_t code[code_size];
static int emitted;

static int emit(enum Operation operation) {
    code[emitted] = operation;
    return emitted++;
}

// Returns where the operand is, for jumps whose target is not known yet.
static int emit_with(enum Operation operation, int64_t operand) {
    emit(operation);
    code[emitted] = operand;
    return emitted++;
}

static void emit_on_variable(enum Variable variable, int64_t value, enum Operation operation) {
    emit_with(LOAD, variable);
    emit_with(PUSH, value);
    emit(operation);
}

// while (X != 1) { ++table[X & 63]; X = X is odd ? 3 * X + 1 : X / 2; ++STEPS; }
static int emit_collatz(void) {
    const int start = emitted;
    emit_on_variable(X, 1, EQUAL);
    const int leave = emit_with(JUMP_IF, 0);
    emit_on_variable(X, table_size - 1, AND);
    emit_with(STORE, REMAINDER);
    emit_with(LOAD, REMAINDER);
    emit(BUMP);
    emit_on_variable(X, 1, AND);
    const int odd = emit_with(JUMP_IF, 0);
    emit_on_variable(X, 1, SHIFT_RIGHT);
    const int join = emit_with(JUMP, 0);
    code[odd] = emitted;
    emit_on_variable(X, 3, MULTIPLY);
    emit_with(PUSH, 1);
    emit(ADD);
    code[join] = emitted;
    emit_with(STORE, X);
    emit_on_variable(STEPS, 1, ADD);
    emit_with(STORE, STEPS);
    emit_with(JUMP, start);
    code[leave] = emitted;
    emit(RETURN);
    return start;
}

static int entry;

static void prepare(void) {
    emitted = 0;
    const int collatz = emit_collatz();
    entry = emitted;
    emit_with(PUSH, 1);
    emit_with(STORE, N);
    const int loop = emitted;
    emit_with(LOAD, N);
    emit_with(STORE, X);
    emit_with(CALL, collatz);
    emit_on_variable(N, 1, ADD);
    emit_with(STORE, N);
    emit_on_variable(N, limit, LESS);
    emit_with(JUMP_IF, loop);
    emit(HALT);
}

// Without these two, GCC joins the indirect jumps that threaded code is about.
__attribute__((noinline, optimize("no-gcse", "no-crossjumping"))) static uint64_t
interpret(const int64_t* at, int64_t* variables, int64_t* table) {
    static const void* const targets[] = {&&push, &&load,        &&store, &&add,   &&multiply,
                                          &&and,  &&shift_right, &&equal, &&less,  &&bump,
                                          &&jump, &&jump_if,     &&call,  &&leave, &&halt};
    int64_t stack[stack_size];
    int64_t* top = stack;
    uint64_t executed = 0;
#define NEXT                                                                                                 \
    do {                                                                                                     \
        ++executed;                                                                                          \
        goto* targets[*at++];                                                                                \
    } while (0)
    NEXT;
push:
    *++top = *at++;
    NEXT;
load:
    *++top = variables[*at++];
    NEXT;
store:
    variables[*at++] = *top--;
    NEXT;
add:
    --top;
    top[0] += top[1];
    NEXT;
multiply:
    --top;
    top[0] *= top[1];
    NEXT;
    and : --top;
    top[0] &= top[1];
    NEXT;
shift_right:
    --top;
    top[0] >>= top[1];
    NEXT;
equal:
    --top;
    top[0] = top[0] == top[1];
    NEXT;
less:
    --top;
    top[0] = top[0] < top[1];
    NEXT;
bump:
    ++table[*top--];
    NEXT;
jump:
    at = code + *at;
    NEXT;
jump_if:
    at = *top-- ? code + *at : at + 1;
    NEXT;
call:
    *++top = at + 1 - code;
    at = code + *at;
    NEXT;
leave:
    at = code + *top--;
    NEXT;
halt:
    return executed;
#undef NEXT
}

static uint64_t run(void) {
    int64_t variables[variable_count] = {0}, table[table_size] = {0};
    const uint64_t executed = interpret(code + entry, variables, table);
    return fnv(fnv(executed, variables, sizeof(variables)), table, sizeof(table));
}

const struct Test bytecode = {.name = "bytecode",
                              .meaning = "a bytecode interpreter with threaded code",
                              .prepare = prepare,
                              .run = run};
