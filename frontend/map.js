// The big map: our own layers, over tiles where the installation has any. The page works without:
// it shows the same map drawn by the server, and the figures of a link come from the server too.
import {
  Control,
  DivIcon,
  GeoJSON,
  LatLngBounds,
  Map,
  Marker,
  Polyline,
  TileLayer,
} from "leaflet/dist/leaflet-src.esm.js";
import { walk } from "./walk.js";

const PANES = ["ground", "rivers", "water", "road", "transfer", "state", "links"];
const SMALL = 600; // pixels of width below which the whole would be too small to read
const CLOSER = 9.5; // the zoom from which names that would crowd the whole are shown
const SIDES = ["", "south", "west", "south west"]; // where a name stands, the best first
const TOLERANCE = 20; // pixels across a link that belong to it

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

const between = (a, b, share) => a.map((value, i) => value + (b[i] - value) * share);

// Corners cut twice: a river bends.
function smooth(points) {
  for (let round = 0; round < 2; round++) {
    const bent = [points[0]];
    for (let i = 0; i + 1 < points.length; i++) {
      bent.push(between(points[i], points[i + 1], 0.25), between(points[i], points[i + 1], 0.75));
    }
    points = [...bent, points.at(-1)];
  }
  return points;
}

function drawGround(map, ground) {
  for (const { geometry } of ground.features) {
    if (geometry.type === "LineString") geometry.coordinates = smooth(geometry.coordinates);
  }
  new GeoJSON(ground, {
    interactive: false,
    style: ({ geometry, properties }) => ({
      pane: geometry.type === "LineString" ? "rivers" : "ground",
      className: properties.look,
    }),
  }).addTo(map);
}

// Signs lie above names.
function mark(map, at, className, text) {
  const element = document.createElement("span");
  element.textContent = text;
  const icon = new DivIcon({ className, html: element, iconSize: null });
  const zIndexOffset = className.startsWith("sign") ? 9999 : 0;
  new Marker(at, { icon, interactive: false, keyboard: false, zIndexOffset }).addTo(map);
}

// What is seen of a link: its line, over it what holds on it now, and a sign that says so.
function drawLink(map, { mode, name, looks, sign, sign_look }, points) {
  looks.forEach((look, i) => {
    new Polyline(points, {
      pane: i ? "state" : mode,
      className: `${look} of-${mode}`,
      interactive: false,
      smoothFactor: 0,
    }).addTo(map);
  });
  if (sign) mark(map, between(points[0], points.at(-1), 0.5), `sign ${sign_look} of-${mode}`, sign);
  if (mode === "transfer") mark(map, points[0], "spot spot-quay of-transfer", name);
}

// The wide, unseen line that is pressed, and reached by keyboard.
function touchable(map, { id, name, between, mode, states }, points, choose, said) {
  const line = new Polyline(points, {
    pane: "links",
    className: `touch of-${mode}`,
    weight: TOLERANCE,
    opacity: 0,
    smoothFactor: 0,
  }).addTo(map);
  const element = line.getElement();
  element.setAttribute("role", "button");
  const state = (states ?? ["open"]).map((each) => said[each]).join(", ");
  element.setAttribute("aria-label", `${name}: ${between}: ${state}`);
  element.setAttribute("tabindex", "-1");
  line.on("click", () => choose(id));
  return { id, element, points };
}

// Localities whose goods are under a restriction have a dotted border.
function sealOff(map, sealed = []) {
  for (const code of sealed) {
    for (const area of map.getContainer().querySelectorAll(`.m-${code}`)) {
      area.classList.add("m-restricted");
      area.parentNode.append(area); // above its neighbours
    }
  }
}

function drawNetwork(map, network, choose, said) {
  const links = [];
  for (const { geometry, properties } of network.features) {
    if (geometry.type === "Point") {
      const [lon, lat] = geometry.coordinates;
      mark(map, [lat, lon], `spot spot-${properties.kind} of-places`, properties.name);
    } else {
      const points = geometry.coordinates.map(([lon, lat]) => [lat, lon]);
      drawLink(map, properties, points);
      links.push(touchable(map, properties, points, choose, said));
    }
  }
  return links;
}

// Boxes beside the map that show and hide a layer.
function layerSwitches(canvas) {
  const box = document.querySelector("[data-layers]");
  const apply = ({ value, checked }) => canvas.classList.toggle(`no-${value}`, !checked);
  box.hidden = false;
  box.addEventListener("change", (event) => apply(event.target));
  box.querySelectorAll("input").forEach(apply);
}

// Shows a link's figures in the panel beside the map and keeps it in the address.
function chooser(holder) {
  const panel = document.querySelector(holder.dataset.panel);
  let latest = 0;
  return async function choose(id) {
    const mine = ++latest;
    const element = holder.links.find((link) => link.id === id).element;
    holder.querySelector(".touch.on")?.classList.remove("on");
    element.classList.add("on");
    const answer = await fetch(`${holder.dataset.links}/${encodeURIComponent(id)}`);
    if (!answer.ok || mine !== latest) return;
    panel.innerHTML = await answer.text();
    const address = new URL(location);
    address.searchParams.set("link", id);
    history.replaceState(null, "", address);
  };
}

function start(holder, { bounds, core }) {
  const canvas = holder.querySelector("[data-canvas]");
  holder.querySelector("svg").remove();
  canvas.hidden = false;
  const map = new Map(canvas, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    minZoom: 6,
    maxZoom: 14,
    maxBounds: new LatLngBounds(bounds).pad(0.5),
  });
  const { zoomIn, zoomOut, tiles } = holder.dataset;
  new Control.Zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  PANES.forEach((name, i) => (map.createPane(name).style.zIndex = 300 + 20 * i));
  map.fitBounds(canvas.clientWidth < SMALL ? core : bounds);
  if (tiles) {
    canvas.classList.add("on-tiles");
    new TileLayer(tiles, { referrerPolicy: "origin" }).addTo(map);
  }
  return map;
}

const overlap = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function dot(spot) {
  const { left, top } = spot.getBoundingClientRect();
  return { left: left - 5, right: left + 5, top: top - 5, bottom: top + 5 };
}

// Signs, then names: beside or below their point where they lie over no other and inside the map.
// A name that fits nowhere waits until the map is closer.
function arrange(canvas) {
  const frame = canvas.getBoundingClientRect();
  const inside = (box) => box.left >= frame.left && box.right <= frame.right;
  const taken = [...canvas.querySelectorAll(".spot-seat")].map(dot);
  taken.push(canvas.querySelector(".leaflet-bar").getBoundingClientRect());
  for (const kind of [".sign", ".spot-seat", ".spot:not(.spot-seat)"]) {
    for (const label of canvas.querySelectorAll(`${kind} > span`)) {
      const fits = SIDES.some((side) => {
        label.className = side;
        const box = label.getBoundingClientRect();
        const free = inside(box) && !taken.some((other) => overlap(box, other));
        if (free) taken.push(box);
        return free;
      });
      if (!fits) label.className = kind === ".sign" ? "" : "out";
    }
  }
}

// Names of quays only from near; the wheel turns the map once the map has the focus.
function behave(map) {
  const canvas = map.getContainer();
  const closer = () => canvas.classList.toggle("far", map.getZoom() < CLOSER);
  const tidy = () => arrange(canvas);
  map.on("zoomend", closer);
  map.on("moveend resize", tidy);
  closer();
  document.fonts.ready.then(tidy);
  canvas.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  canvas.addEventListener("focusout", () => map.scrollWheelZoom.disable());
}

// A link of the table that says "on the map" moves the map instead of loading the page.
function followTable(map, links, choose) {
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-link]");
    const link = asked && links.find(({ id }) => id === asked.dataset.link);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    map.fitBounds(link.points, { maxZoom: 11, animate: false });
    map.getContainer().scrollIntoView({ block: "nearest" });
    link.element.focus({ preventScroll: true });
    choose(link.id);
  });
}

async function enhance(holder) {
  const [ground, network] = await Promise.all(
    [holder.dataset.ground, holder.dataset.network].map(load),
  );
  const map = start(holder, network);
  const choose = chooser(holder);
  drawGround(map, ground);
  sealOff(map, network.sealed);
  holder.links = drawNetwork(map, network, choose, holder.dataset);
  layerSwitches(map.getContainer());
  behave(map);
  walk(map, holder.links, choose);
  followTable(map, holder.links, choose);
  holder.links.find(({ id }) => id === holder.dataset.chosen)?.element.classList.add("on");
  holder.dataset.ready = "yes";
}

for (const holder of document.querySelectorAll("[data-network]")) {
  enhance(holder).catch((error) => console.warn(error)); // the server's picture stays
}
