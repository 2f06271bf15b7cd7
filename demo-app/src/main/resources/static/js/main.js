// Shows the view that fits the service: one member's view of a group on Corosync, or all
// members of a cluster inside its JVM.

import { byId } from './dom.js';
import { setState } from './status.js';

const VIEWS = {
  corosync: { id: 'service-view', load: async () => (await import('./service/service.js')).showService },
  embedded: { id: 'cluster-view', load: async () => (await import('./cluster/cluster.js')).showCluster },
};

async function begin() {
  try {
    const { mode } = await (await fetch('api/mode')).json();
    const show = await VIEWS[mode].load();
    document.body.dataset.mode = mode;
    byId(VIEWS[mode].id).hidden = false;
    show();
  }
  catch (error) {
    setState('lost', 'service lost', 'This page cannot reach its service at ' + location.host + '. It keeps trying.');
    setTimeout(begin, 2000);
  }
}

begin();
