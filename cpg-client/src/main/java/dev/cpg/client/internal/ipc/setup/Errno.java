package dev.cpg.client.internal.ipc.setup;

import dev.cpg.client.CsError;

/**
 * Linux's error numbers as libqb sends them, and what libcpg makes of each; see
 * {@code errno(3)}.
 */
final class Errno {

	static final int EPERM = 1;

	static final int EAGAIN = 11;

	static final int EACCES = 13;

	static final int ENOSPC = 28;

	private Errno() {
	}

	static CsError toCsError(int errno) {
		return switch (errno) {
			case 0 -> CsError.OK;
			case 9 -> CsError.BAD_HANDLE; // EBADF
			case 12 -> CsError.NO_MEMORY; // ENOMEM
			case EAGAIN, 42, 105, 110 -> CsError.TRY_AGAIN; // ENOMSG ENOBUFS ETIMEDOUT
			case 52 -> CsError.FAILED_OPERATION; // EBADE
			case 62 -> CsError.TIMEOUT; // ETIME
			case 22 -> CsError.INVALID_PARAM; // EINVAL
			case 16 -> CsError.BUSY; // EBUSY
			case EACCES -> CsError.ACCESS;
			case 75 -> CsError.NAME_TOO_LONG; // EOVERFLOW
			case 17 -> CsError.EXIST; // EEXIST
			case ENOSPC -> CsError.NO_SPACE;
			case 4 -> CsError.INTERRUPT; // EINTR
			case 2, 19 -> CsError.NOT_EXIST; // ENOENT ENODEV
			case 38, 95 -> CsError.NOT_SUPPORTED; // ENOSYS ENOTSUP
			case 74 -> CsError.MESSAGE_ERROR; // EBADMSG
			case 90, 7 -> CsError.TOO_BIG; // EMSGSIZE E2BIG
			default -> CsError.LIBRARY;
		};
	}

}
