// What all of the page needs of the document.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

// Content from other members is only ever set as text, never parsed as HTML.
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function svg(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

export function timeOf(instant) {
  const time = element('time', '', new Date(instant).toLocaleTimeString([], { hour12: false }));
  time.dateTime = instant;
  return time;
}
