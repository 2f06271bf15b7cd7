// All members of a cluster inside the service's JVM.

import { byId } from '../dom.js';
import { follow, setState } from '../status.js';
import { announce } from './announcer.js';
import { post } from './api.js';
import { showLanes, showNotice, showNotices } from './lanes.js';
import { showNodes } from './nodes.js';
import { addNotice, leader, setNotices, state } from './state.js';
import { checkTour } from './tour.js';

function showState(cluster) {
  state.cluster = cluster;
  setState('connected', 'connected', '');
  byId('group').firstElementChild.textContent = cluster.group;
  byId('heal').setAttribute('aria-disabled', cluster.sides.length < 2);
  byId('hand-over').setAttribute('aria-disabled', !leader());
  document.title = cluster.group;
  showLanes();
  showNodes();
}

export function showCluster() {
  byId('subtitle').textContent = 'a process group on a cluster inside one JVM, in which no other process takes part; '
    + 'each lane shows what that member was notified of';
  byId('heal').addEventListener('click', () => state.cluster.sides.length > 1 && post('heal'));
  byId('hand-over').addEventListener('click', () => leader() && post('hand-over'));
  byId('reset').addEventListener('click', () => post('reset'));
  byId('clear').addEventListener('click', () => post('clear'));
  follow('api/cluster/events', {
    snapshot: (snapshot) => {
      showState(snapshot.cluster);
      setNotices(snapshot.notices);
      showNotices();
      checkTour();
    },
    cluster: (cluster) => {
      showState(cluster);
      checkTour();
    },
    notice: (notice) => {
      addNotice(notice);
      showNotice(notice);
      announce(notice);
      checkTour();
    },
  }, () => {});
}
