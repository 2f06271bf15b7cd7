/*
 * The other side of the benchmark: a member of a group that uses libcpg as a good C program does.
 *
 * Commands, one a line, each answered by one line "ok NAME=NUMBER ..." or "error ...":
 *   join GROUP             joins the group, once
 *   throughput SIZE MS     sends for that time, as fast as possible, and waits until all of it has come back
 *   flood SIZE             the same until the next line comes, which is read after the answer
 *   mark                   sends an empty message
 *   receive                counts the messages of others, until one of them sends an empty message
 *   ping COUNT             one message of 64 bytes after the other, each sent when the last one came back
 *   connect COUNT          connects and joins with further connections, one after the other
 *   idle MS                does nothing
 * It ends with its input.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <corosync/corotypes.h>
#include <corosync/cpg.h>

#define LARGEST (16 * 1024 * 1024)
#define PING_SIZE 64
#define NO_PROGRESS_MS 30000
/* The most sends between two dispatches: the daemon keeps what nobody reads in its memory. */
#define SENDS_BETWEEN_LOOKS 64

struct tally {
	uint64_t own;      /* own messages that came back */
	uint64_t lost;     /* own messages that a later one overtook */
	uint64_t foreign;  /* messages of others */
	uint64_t next;     /* the number that the next own message should have */
	int64_t first_ns;  /* when the first message of others came */
	int marked;
	int joined;
};

static cpg_handle_t handle;
static int handle_fd;
static uint32_t own_node;
static uint32_t own_pid;
static struct tally tally;
static char message[LARGEST];
static uint64_t number;

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t cpu_ns(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return ((int64_t)use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000000
			+ ((int64_t)use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000;
}

static void on_message(cpg_handle_t from, const struct cpg_name *name, uint32_t node, uint32_t pid, void *bytes,
		size_t length)
{
	uint64_t got;

	(void)from;
	(void)name;
	if (node != own_node || pid != own_pid) {
		if (length == 0) {
			tally.marked = 1;
		} else if (tally.foreign++ == 0) {
			tally.first_ns = now_ns();
		}
	} else if (length >= sizeof(got)) {
		memcpy(&got, bytes, sizeof(got));
		tally.lost += got - tally.next;
		tally.next = got + 1;
		tally.own++;
	}
}

static void on_configuration(cpg_handle_t from, const struct cpg_name *name, const struct cpg_address *members,
		size_t member_count, const struct cpg_address *left, size_t left_count, const struct cpg_address *joined,
		size_t joined_count)
{
	size_t i;

	(void)from;
	(void)name;
	(void)members;
	(void)member_count;
	(void)left;
	(void)left_count;
	for (i = 0; i < joined_count; i++) {
		if (joined[i].nodeid == own_node && joined[i].pid == own_pid) {
			tally.joined = 1;
		}
	}
}

static int failed(const char *what, cs_error_t error)
{
	printf("error %s: cs_error_t %d\n", what, (int)error);
	return 0;
}

static int connect_to_daemon(cpg_handle_t *to)
{
	cpg_callbacks_t callbacks = { .cpg_deliver_fn = on_message, .cpg_confchg_fn = on_configuration };
	cs_error_t error = cpg_initialize(to, &callbacks);

	return error == CS_OK ? 1 : failed("cpg_initialize", error);
}

static int join(cpg_handle_t with, const char *name)
{
	struct cpg_name group;
	cs_error_t error;

	group.length = strlen(name);
	memcpy(group.value, name, group.length);
	while ((error = cpg_join(with, &group)) == CS_ERR_TRY_AGAIN || error == CS_ERR_BUSY) {
		usleep(1000);
	}
	tally.joined = 0;
	while (error == CS_OK && !tally.joined) {
		error = cpg_dispatch(with, CS_DISPATCH_ONE);
	}
	return error == CS_OK ? 1 : failed("cpg_join", error);
}

/* Dispatches all that has arrived. If there is nothing, waits for it, a millisecond at most. */
static cs_error_t take(void)
{
	uint64_t before = tally.own + tally.foreign;
	cs_error_t error = cpg_dispatch(handle, CS_DISPATCH_ALL);

	if (error == CS_OK && tally.own + tally.foreign == before) {
		struct pollfd fd = { handle_fd, POLLIN, 0 };

		poll(&fd, 1, 1);
	}
	return error == CS_ERR_TRY_AGAIN ? CS_OK : error;
}

static cs_error_t send_one(size_t length)
{
	struct iovec part = { message, length };
	cs_error_t error;

	memcpy(message, &number, sizeof(number) < length ? sizeof(number) : length);
	while ((error = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1)) == CS_ERR_TRY_AGAIN) {
		error = take();
		if (error != CS_OK) {
			return error;
		}
	}
	number += error == CS_OK && length > 0;
	return error;
}

static int has_input(void)
{
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };

	return poll(&fd, 1, 0) > 0;
}

/* Sends for that time, or until there is input if the time is negative, and waits for all of it. */
static int throughput(size_t size, int64_t limit_ms)
{
	uint64_t sent = 0;
	uint64_t own = tally.own;
	uint64_t lost = tally.lost;
	int64_t cpu = cpu_ns();
	int64_t start = now_ns();
	int64_t end = limit_ms < 0 ? INT64_MAX : start + limit_ms * 1000000;
	int64_t give_up;
	cs_error_t error = CS_OK;

	while (error == CS_OK && now_ns() < end) {
		error = send_one(size);
		sent++;
		if (error == CS_OK && sent % SENDS_BETWEEN_LOOKS == 0) {
			error = cpg_dispatch(handle, CS_DISPATCH_ALL);
			error = error == CS_ERR_TRY_AGAIN ? CS_OK : error;
			if (limit_ms < 0 && has_input()) {
				break;
			}
		}
	}
	give_up = now_ns() + NO_PROGRESS_MS * (int64_t)1000000;
	while (error == CS_OK && tally.own - own + tally.lost - lost < sent && now_ns() < give_up) {
		error = take();
	}
	if (error != CS_OK) {
		return failed("throughput", error);
	}
	if (tally.own - own + tally.lost - lost < sent) {
		printf("error throughput: of %" PRIu64 " messages %" PRIu64 " came back\n", sent, tally.own - own);
		return 0;
	}
	printf("ok messages=%" PRIu64 " elapsed_ns=%" PRId64 " cpu_ns=%" PRId64 " lost=%" PRIu64 "\n", tally.own - own,
			now_ns() - start, cpu_ns() - cpu, tally.lost - lost);
	return 1;
}

static int mark(void)
{
	cs_error_t error = send_one(0);

	if (error != CS_OK) {
		return failed("mark", error);
	}
	printf("ok\n");
	return 1;
}

static int receive(void)
{
	int64_t cpu = cpu_ns();
	cs_error_t error = CS_OK;

	tally.foreign = 0;
	tally.marked = 0;
	while (error == CS_OK && !tally.marked) {
		error = cpg_dispatch(handle, CS_DISPATCH_ONE);
		if (error == CS_OK) {
			error = cpg_dispatch(handle, CS_DISPATCH_ALL);
			error = error == CS_ERR_TRY_AGAIN ? CS_OK : error;
		}
	}
	if (error != CS_OK) {
		return failed("receive", error);
	}
	printf("ok messages=%" PRIu64 " elapsed_ns=%" PRId64 " cpu_ns=%" PRId64 "\n", tally.foreign,
			now_ns() - tally.first_ns, cpu_ns() - cpu);
	return 1;
}

static int ascending(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left;
	int64_t b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

static int64_t percentile(int64_t *sorted, int count, double share)
{
	int index = (int)(share * count);

	return sorted[index < count ? index : count - 1];
}

static int ping(int count)
{
	int64_t *times = calloc((size_t)count, sizeof(*times));
	cs_error_t error = CS_OK;
	int i;

	for (i = 0; i < count && error == CS_OK; i++) {
		uint64_t own = tally.own;
		int64_t start = now_ns();

		error = send_one(PING_SIZE);
		while (error == CS_OK && tally.own == own) {
			error = cpg_dispatch(handle, CS_DISPATCH_ONE);
		}
		times[i] = now_ns() - start;
	}
	if (error == CS_OK) {
		qsort(times, (size_t)count, sizeof(*times), ascending);
		printf("ok p50_ns=%" PRId64 " p99_ns=%" PRId64 "\n", percentile(times, count, 0.5),
				percentile(times, count, 0.99));
	}
	free(times);
	return error == CS_OK ? 1 : failed("ping", error);
}

static int connect_and_join(int count)
{
	int64_t *connects = calloc((size_t)count, sizeof(*connects));
	int64_t *joins = calloc((size_t)count, sizeof(*joins));
	int ok = 1;
	int i;

	for (i = 0; i < count && ok; i++) {
		cpg_handle_t other;
		int64_t start = now_ns();

		ok = connect_to_daemon(&other);
		connects[i] = now_ns() - start;
		if (ok) {
			start = now_ns();
			ok = join(other, "connect-libcpg");
			joins[i] = now_ns() - start;
			cpg_finalize(other);
		}
	}
	if (ok) {
		qsort(connects, (size_t)count, sizeof(*connects), ascending);
		qsort(joins, (size_t)count, sizeof(*joins), ascending);
		printf("ok connect_ns=%" PRId64 " join_ns=%" PRId64 "\n", percentile(connects, count, 0.5),
				percentile(joins, count, 0.5));
	}
	free(connects);
	free(joins);
	return ok;
}

/* Does what an idle program does: it waits for the daemon. */
static int idle(int ms)
{
	struct pollfd fd = { handle_fd, POLLIN, 0 };
	int64_t cpu = cpu_ns();
	int64_t end = now_ns() + (int64_t)ms * 1000000;

	while (now_ns() < end) {
		if (poll(&fd, 1, (int)((end - now_ns()) / 1000000) + 1) > 0) {
			cpg_dispatch(handle, CS_DISPATCH_ALL);
		}
	}
	printf("ok cpu_ns=%" PRId64 "\n", cpu_ns() - cpu);
	return 1;
}

static int execute(const char *line)
{
	char group[CPG_MAX_NAME_LENGTH];
	size_t size;
	int64_t ms;
	int count;

	if (sscanf(line, "join %127s", group) == 1) {
		return join(handle, group) && printf("ok\n");
	}
	if (sscanf(line, "throughput %zu %" SCNd64, &size, &ms) == 2 && size >= sizeof(number) && size <= LARGEST) {
		return throughput(size, ms);
	}
	if (sscanf(line, "flood %zu", &size) == 1 && size >= sizeof(number) && size <= LARGEST) {
		return throughput(size, -1);
	}
	if (sscanf(line, "ping %d", &count) == 1 && count > 0) {
		return ping(count);
	}
	if (sscanf(line, "connect %d", &count) == 1 && count > 0) {
		return connect_and_join(count);
	}
	if (sscanf(line, "idle %d", &count) == 1) {
		return idle(count);
	}
	if (!strcmp(line, "mark\n")) {
		return mark();
	}
	if (!strcmp(line, "receive\n")) {
		return receive();
	}
	printf("error no such command: %s", line);
	return 0;
}

int main(void)
{
	char line[256];

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Without a buffer, so that poll() sees all of the input. */
	setvbuf(stdin, NULL, _IONBF, 0);
	if (!connect_to_daemon(&handle)) {
		return 1;
	}
	own_pid = (uint32_t)getpid();
	if (cpg_local_get(handle, &own_node) != CS_OK || cpg_fd_get(handle, &handle_fd) != CS_OK) {
		printf("error the daemon does not answer\n");
		return 1;
	}
	printf("ok\n");
	while (fgets(line, sizeof(line), stdin)) {
		if (!execute(line)) {
			return 1;
		}
	}
	cpg_finalize(handle);
	return 0;
}
