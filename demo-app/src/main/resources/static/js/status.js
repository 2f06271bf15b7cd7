// Whether the page and its service are connected.

import { byId } from './dom.js';

export function setState(state, label, alert) {
  document.body.dataset.state = state;
  byId('state').textContent = label;
  byId('alert').hidden = !alert;
  byId('alert').textContent = alert || '';
}

// Follows a stream of events. A browser connects again by itself, unless the answer was an error.
export function follow(path, handlers, lost) {
  const stream = new EventSource(path);
  for (const [name, take] of Object.entries(handlers)) {
    stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
  }
  stream.onerror = () => {
    setState('lost', 'service lost', 'This page has lost its service at ' + location.host + '. It keeps trying.');
    lost();
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => follow(path, handlers, lost), 2000);
  };
}
