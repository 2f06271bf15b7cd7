package dev.cpg.embedded;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.OrderedMessage.Data;

/**
 * A message whose bytes all members share: for a listener that keeps none.
 */
final class LentMessage extends CpgMessage {

	private LentMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] bytes) {
		super(group, view, sender, local, bytes, 0, bytes.length);
	}

	static LentMessage of(Data data, CpgView view, boolean local) {
		return new LentMessage(data.group(), view, data.sender(), local, data.multicast().bytes());
	}

	@Override
	protected void takeBack() {
		super.takeBack();
	}

}
