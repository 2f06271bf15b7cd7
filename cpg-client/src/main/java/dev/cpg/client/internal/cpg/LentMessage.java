package dev.cpg.client.internal.cpg;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;

/**
 * A message in a buffer that is used again when the listener has been told.
 */
final class LentMessage extends CpgMessage {

	LentMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] bytes, int length) {
		super(group, view, sender, local, bytes, length);
	}

	@Override
	protected void takeBack() {
		super.takeBack();
	}

}
