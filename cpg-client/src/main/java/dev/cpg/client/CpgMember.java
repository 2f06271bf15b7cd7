package dev.cpg.client;

/**
 * A member that joined or left, and why.
 *
 * @param address who
 * @param reason why
 */
public record CpgMember(CpgAddress address, CpgReason reason) {

	@Override
	public String toString() {
		return this.address + " " + this.reason;
	}

}
