package dev.cpg.spring.leadership.integration;

import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.leader.Candidate;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Calls a candidate, one call after the other, on a thread that is there only while there
 * is something to call.
 */
final class CandidateCalls {

	private final Candidate candidate;

	private final ThreadPoolExecutor executor;

	private volatile @Nullable Future<?> grant;

	/** Belongs to the executor's thread. */
	private boolean granted;

	CandidateCalls(Candidate candidate) {
		this.candidate = candidate;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("cpg-" + candidate.getRole() + "-candidate-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	void granted(Grant grant) {
		this.grant = submit(() -> {
			this.granted = true;
			this.candidate.onGranted(grant);
		});
	}

	/** Interrupts the call that is under way, or prevents it. */
	void revoked(Grant grant) {
		Future<?> underWay = this.grant;
		if (underWay != null) {
			underWay.cancel(true);
		}
		var unused = submit(() -> {
			if (this.granted) {
				this.granted = false;
				this.candidate.onRevoked(grant);
			}
		});
	}

	private Future<?> submit(Callback callback) {
		return this.executor.submit(() -> {
			try {
				callback.run();
			}
			catch (InterruptedException ex) {
				// It was asked to end.
			}
			catch (RuntimeException | Error ex) {
				CpgLog.LISTENERS.error()
					.cause(ex)
					.log("The candidate {} for role '{}' failed", this.candidate.getId(), this.candidate.getRole());
			}
		});
	}

	/** Lets the last call end by itself. */
	void end() {
		this.executor.shutdown();
	}

	/** A call of the candidate. */
	private interface Callback {

		void run() throws InterruptedException;

	}

}
