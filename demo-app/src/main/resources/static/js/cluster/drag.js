// Dragging a node with a pointer: a mouse, a pen or a finger.

const TARGET = '.side';

export function makeDraggable(card, handle, drop) {
  let from = null;

  handle.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    from = { x: event.clientX, y: event.clientY };
    card.classList.add('dragged');
    event.preventDefault();
  });

  handle.addEventListener('pointermove', (event) => {
    if (!from) return;
    card.style.transform = 'translate(' + (event.clientX - from.x) + 'px,' + (event.clientY - from.y) + 'px)';
    mark(targetAt(event));
  });

  handle.addEventListener('pointerup', (event) => {
    if (!from) return;
    const target = targetAt(event);
    end();
    if (target) drop(target.dataset.nodes.split(' ').filter(Boolean).map(Number));
  });

  handle.addEventListener('pointercancel', end);

  function end() {
    from = null;
    card.classList.remove('dragged');
    card.style.transform = '';
    mark(null);
  }
}

// The card that is dragged is no obstacle: it takes no pointer events meanwhile.
function targetAt(event) {
  const below = document.elementFromPoint(event.clientX, event.clientY);
  return below && below.closest(TARGET);
}

function mark(target) {
  document.querySelectorAll(TARGET).forEach((side) => side.classList.toggle('target', side === target));
}
