// Links of a map by keyboard: one of them is a tab stop; arrows go to the nearest in their
// direction, Enter or space opens it.
const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const middle = (points) => points[0].map((value, i) => (value + points.at(-1)[i]) / 2);

// The nearest in a direction; what lies sideways counts as farther away.
function nearest(from, all, [right, down]) {
  let best = null;
  let least = Infinity;
  for (const other of all) {
    if (other === from) continue;
    const [x, y] = [other.at[1] - from.at[1], from.at[0] - other.at[0]];
    const ahead = x * right + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * right);
    if (ahead > 1e-6 && ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
  }
  return best;
}

export function walk(map, links, choose) {
  for (const link of links) link.at = middle(link.points);
  const shown = () => links.filter(({ element }) => getComputedStyle(element).display !== "none");
  let current = null;

  function stopAt(link) {
    current?.element.setAttribute("tabindex", "-1");
    current = link;
    current.element.setAttribute("tabindex", "0");
  }

  function nearCentre() {
    const { lat, lng } = map.getCenter();
    const far = ({ at }) => (at[0] - lat) ** 2 + (at[1] - lng) ** 2;
    return shown().reduce((best, link) => (far(link) < far(best) ? link : best));
  }

  function pressed(event, link) {
    const direction = DIRECTIONS[event.key];
    if (event.key === "Enter" || event.key === " ") choose(link.id);
    else if (direction) nearest(link, shown(), direction)?.element.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  for (const link of links) {
    link.element.addEventListener("keydown", (event) => pressed(event, link));
    link.element.addEventListener("focus", () => {
      stopAt(link);
      if (!map.getBounds().contains(link.at)) map.panTo(link.at, { animate: false });
    });
  }
  stopAt(nearCentre());
}
