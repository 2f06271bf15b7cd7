/*
 * A member of a group that uses libcpg, as C programs do: the other side of interoperability tests.
 *
 * Commands, one a line, each answered by "ok COMMAND..." or "error COMMAND CODE", where the code is a cs_error_t:
 *   join GROUP | leave | send TEXT | send-size BYTES SEED | membership | local | exit * Events, one a line:
 *   ready NODE/PID
 *   confchg group=GROUP members=NODE/PID,... left=NODE/PID:REASON,... joined=NODE/PID:REASON,...
 *   deliver NODE/PID LENGTH CHECKSUM TEXT      (TEXT is "-" unless the message is short and printable)
 *   totem ring=NODE.SEQUENCE members=NODE,...
 *   disconnected CODE
 */
#include <ctype.h>
#include <inttypes.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <corosync/corotypes.h>
#include <corosync/cpg.h>

#define LONGEST_TEXT 256
#define RETRY_INTERVAL_US 2000
#define RETRIES 5000

static cpg_handle_t handle;
static struct cpg_name group;

static const char *reason_name(uint32_t reason)
{
	switch (reason) {
	case CPG_REASON_UNDEFINED:
		return "UNDEFINED";
	case CPG_REASON_JOIN:
		return "JOIN";
	case CPG_REASON_LEAVE:
		return "LEAVE";
	case CPG_REASON_NODEDOWN:
		return "NODEDOWN";
	case CPG_REASON_NODEUP:
		return "NODEUP";
	case CPG_REASON_PROCDOWN:
		return "PROCDOWN";
	default:
		return "UNKNOWN";
	}
}

static void print_addresses(const char *label, const struct cpg_address *addresses, size_t count, int with_reason)
{
	size_t i;

	printf("%s=", label);
	for (i = 0; i < count; i++) {
		printf("%s%" PRIu32 "/%" PRIu32, i ? "," : "", addresses[i].nodeid, addresses[i].pid);
		if (with_reason) {
			printf(":%s", reason_name(addresses[i].reason));
		}
	}
}

static void on_configuration(cpg_handle_t from, const struct cpg_name *name, const struct cpg_address *members,
		size_t member_count, const struct cpg_address *left, size_t left_count, const struct cpg_address *joined,
		size_t joined_count)
{
	(void)from;
	printf("confchg group=%.*s ", (int)name->length, name->value);
	print_addresses("members", members, member_count, 0);
	print_addresses(" left", left, left_count, 1);
	print_addresses(" joined", joined, joined_count, 1);
	printf("\n");
}

static void on_totem(cpg_handle_t from, struct cpg_ring_id ring, uint32_t count, const uint32_t *nodes)
{
	uint32_t i;

	(void)from;
	printf("totem ring=%" PRIu32 ".%" PRIu64 " members=", ring.nodeid, ring.seq);
	for (i = 0; i < count; i++) {
		printf("%s%" PRIu32, i ? "," : "", nodes[i]);
	}
	printf("\n");
}

/* FNV-1a, 32 bits: small enough to write again in any language. */
static uint32_t checksum(const unsigned char *bytes, size_t length)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < length; i++) {
		hash = (hash ^ bytes[i]) * 16777619u;
	}
	return hash;
}

static void fill(unsigned char *bytes, size_t length, uint32_t seed)
{
	size_t i;

	for (i = 0; i < length; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)(seed >> 24);
	}
}

static int is_text(const unsigned char *bytes, size_t length)
{
	size_t i;

	if (length == 0 || length > LONGEST_TEXT) {
		return 0;
	}
	for (i = 0; i < length; i++) {
		if (!isprint(bytes[i])) {
			return 0;
		}
	}
	return 1;
}

static void on_message(cpg_handle_t from, const struct cpg_name *name, uint32_t node, uint32_t pid, void *message,
		size_t length)
{
	(void)from;
	(void)name;
	printf("deliver %" PRIu32 "/%" PRIu32 " %zu %08" PRIx32 " ", node, pid, length, checksum(message, length));
	if (is_text(message, length)) {
		printf("%.*s\n", (int)length, (const char *)message);
	} else {
		printf("-\n");
	}
}

static void answer(const char *command, cs_error_t error)
{
	if (error == CS_OK) {
		printf("ok %s\n", command);
	} else {
		printf("error %s %d\n", command, (int)error);
	}
}

/* Reads what was delivered meanwhile: otherwise the daemon would never have room for the message that it refused. */
static int try_again(cs_error_t error, int attempt)
{
	if ((error != CS_ERR_TRY_AGAIN && error != CS_ERR_BUSY) || attempt >= RETRIES) {
		return 0;
	}
	cpg_dispatch(handle, CS_DISPATCH_ALL);
	usleep(RETRY_INTERVAL_US);
	return 1;
}

static cs_error_t send_bytes(void *bytes, size_t length)
{
	struct iovec part = { bytes, length };
	cs_error_t error;
	int attempt = 0;

	do {
		error = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
	} while (try_again(error, attempt++));
	return error;
}

static cs_error_t send_size(const char *arguments)
{
	size_t length;
	uint32_t seed;
	unsigned char *bytes;
	cs_error_t error;

	if (sscanf(arguments, "%zu %" SCNu32, &length, &seed) != 2) {
		return CS_ERR_INVALID_PARAM;
	}
	bytes = malloc(length ? length : 1);
	if (!bytes) {
		return CS_ERR_NO_MEMORY;
	}
	fill(bytes, length, seed);
	error = send_bytes(bytes, length);
	free(bytes);
	return error;
}

static cs_error_t join(const char *name)
{
	cs_error_t error;
	int attempt = 0;

	group.length = strlen(name);
	if (group.length > CPG_MAX_NAME_LENGTH) {
		return CS_ERR_NAME_TOO_LONG;
	}
	memcpy(group.value, name, group.length);
	do {
		error = cpg_join(handle, &group);
	} while (try_again(error, attempt++));
	return error;
}

static cs_error_t leave(void)
{
	cs_error_t error;
	int attempt = 0;

	do {
		error = cpg_leave(handle, &group);
	} while (try_again(error, attempt++));
	return error;
}

static void membership(void)
{
	struct cpg_address members[CPG_MEMBERS_MAX];
	int count = CPG_MEMBERS_MAX;
	cs_error_t error = cpg_membership_get(handle, &group, members, &count);

	if (error != CS_OK) {
		answer("membership", error);
		return;
	}
	print_addresses("ok membership members", members, (size_t)count, 0);
	printf("\n");
}

static void local(void)
{
	unsigned int node = 0;
	cs_error_t error = cpg_local_get(handle, &node);

	if (error != CS_OK) {
		answer("local", error);
		return;
	}
	printf("ok local %u\n", node);
}

/* Returns 0 at the end of the commands. */
static int execute(char *line)
{
	char *arguments = strchr(line, ' ');

	if (arguments) {
		*arguments++ = '\0';
	} else {
		arguments = line + strlen(line);
	}
	if (!strcmp(line, "join")) {
		answer(line, join(arguments));
	} else if (!strcmp(line, "leave")) {
		answer(line, leave());
	} else if (!strcmp(line, "send")) {
		answer(line, send_bytes(arguments, strlen(arguments)));
	} else if (!strcmp(line, "send-size")) {
		answer(line, send_size(arguments));
	} else if (!strcmp(line, "membership")) {
		membership();
	} else if (!strcmp(line, "local")) {
		local();
	} else if (!strcmp(line, "exit")) {
		answer(line, CS_OK);
		return 0;
	} else {
		answer(line, CS_ERR_NOT_SUPPORTED);
	}
	return 1;
}

/* Reads the available input and executes each whole line. Not with stdio, whose buffer poll() cannot see. */
static int read_commands(void)
{
	static char buffer[65536];
	static size_t filled;
	char *end;
	ssize_t got = read(STDIN_FILENO, buffer + filled, sizeof(buffer) - filled);

	if (got <= 0) {
		return 0;
	}
	filled += (size_t)got;
	while ((end = memchr(buffer, '\n', filled))) {
		size_t used = (size_t)(end - buffer) + 1;

		*end = '\0';
		if (!execute(buffer)) {
			return 0;
		}
		filled -= used;
		memmove(buffer, buffer + used, filled);
	}
	return filled < sizeof(buffer);
}

static cs_error_t follow(void)
{
	struct pollfd fds[2] = { { STDIN_FILENO, POLLIN, 0 }, { -1, POLLIN, 0 } };
	cs_error_t error = cpg_fd_get(handle, &fds[1].fd);

	while (error == CS_OK) {
		if (poll(fds, 2, -1) < 0) {
			return CS_ERR_LIBRARY;
		}
		if (fds[1].revents) {
			error = cpg_dispatch(handle, CS_DISPATCH_ALL);
			if (error == CS_ERR_TRY_AGAIN) {
				error = CS_OK;
			}
		}
		if (error == CS_OK && fds[0].revents && !read_commands()) {
			return CS_OK;
		}
	}
	return error;
}

int main(void)
{
	cpg_model_v1_data_t callbacks = {
		.model = CPG_MODEL_V1,
		.cpg_deliver_fn = on_message,
		.cpg_confchg_fn = on_configuration,
		.cpg_totem_confchg_fn = on_totem,
		.flags = CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF,
	};
	unsigned int node;
	cs_error_t error;

	setvbuf(stdout, NULL, _IOLBF, 0);
	error = cpg_model_initialize(&handle, CPG_MODEL_V1, (cpg_model_data_t *)&callbacks, NULL);
	if (error == CS_OK) {
		error = cpg_local_get(handle, &node);
	}
	if (error != CS_OK) {
		printf("disconnected %d\n", (int)error);
		return 1;
	}
	printf("ready %u/%d\n", node, (int)getpid());
	error = follow();
	if (error != CS_OK) {
		printf("disconnected %d\n", (int)error);
		return 1;
	}
	cpg_finalize(handle);
	return 0;
}
