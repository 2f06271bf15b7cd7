package dev.cpg.spring.leadership;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls under way that are to be interrupted when the leadership is revoked. Any
 * thread may report a revocation.
 */
final class InterruptibleCalls {

	private final Set<InterruptibleCall> calls = ConcurrentHashMap.newKeySet();

	/**
	 * Begins a call of the present thread, which has to end it.
	 */
	InterruptibleCall begin(LeaderScope scope) {
		InterruptibleCall call = new InterruptibleCall(this.calls::remove, scope.role(), scope.token());
		this.calls.add(call);
		return call;
	}

	/**
	 * Interrupts the calls that run under a token, and under earlier ones of the role.
	 */
	void revoked(String role, long token) {
		for (InterruptibleCall call : this.calls) {
			if (call.runsUnder(role, token)) {
				call.interrupt();
			}
		}
	}

}
