package dev.cpg.embedded;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;

/**
 * A message whose bytes all members share: for a listener that keeps none.
 */
final class LentMessage extends CpgMessage {

	LentMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] bytes) {
		super(group, view, sender, local, bytes, bytes.length);
	}

	@Override
	protected void takeBack() {
		super.takeBack();
	}

}
