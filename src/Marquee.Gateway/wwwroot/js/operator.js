// The operator's panel: the node's own account of itself, every second while the panel is open.

import { api } from './api.js';
import { connection } from './connection.js';
import { byId, el, shape } from './dom.js';
import { readable } from './latency.js';

const everyMilliseconds = 1000;
const kept = 60;

export class Operator {
  #panel = byId('operator');
  #button = byId('operator-open');
  #timer = 0;
  #offsets = new Map();
  #heat = new Map();
  #rates = { events: [], recommendations: [] };

  constructor() {
    this.#button.addEventListener('click', () => this.toggle());
    byId('operator-close').addEventListener('click', () => this.toggle(false));
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.toggle(false);
    });
  }

  toggle(open = this.#panel.hidden) {
    this.#panel.hidden = !open;
    this.#button.setAttribute('aria-expanded', String(open));
    document.body.classList.toggle('operator-open', open);
    clearTimeout(this.#timer);
    if (open) {
      byId('operator-name').focus({ preventScroll: true });
      this.#refresh();
    } else this.#button.focus();
  }

  async #refresh() {
    try {
      if (connection.online && !document.hidden) this.#show(await api.status());
      this.#panel.classList.toggle('stale', !connection.online);
    } catch (failure) {
      if (failure.passing) connection.lost(failure);
      this.#panel.classList.add('stale');
    }
    if (!this.#panel.hidden) this.#timer = setTimeout(() => this.#refresh(), everyMilliseconds);
  }

  #show(status) {
    const { events = {}, freshness = {}, catalogue = {}, recommendations = {}, process = {}, partitions = [], silos = [] } = status;
    byId('operator-node').textContent = [status.node, status.version && `version ${status.version.split('+')[0]}`, status.storage, status.tenant && `tenant ${status.tenant}`, status.startedAt && `up ${span(Date.now() - new Date(status.startedAt))}`].filter(Boolean).join(' · ');
    byId('operator-ready').textContent = status.ready ? 'ready' : 'not ready';
    byId('operator-ready').dataset.tone = status.ready ? 'good' : 'bad';
    push(this.#rates.events, events.perSecond ?? 0);
    push(this.#rates.recommendations, recommendations.perSecond ?? 0);
    byId('operator-figures').replaceChildren(
      figure('Events a second', rate(events.perSecond), `${count(events.accepted)} accepted · ${count(events.duplicates)} repeats · ${count(events.rejected)} rejected`, chart(this.#rates.events)),
      figure('Answers a second', rate(recommendations.perSecond), `${count(recommendations.served)} served · p50 ${time(recommendations.p50Milliseconds)} · p99 ${time(recommendations.p99Milliseconds)}`, chart(this.#rates.recommendations)),
      figure('Freshness p99', time(freshness.p99Milliseconds), `p50 ${time(freshness.p50Milliseconds)} · ${count(freshness.samples)} samples`, gauge(freshness.p50Milliseconds, freshness.p99Milliseconds)),
      figure('Catalogue', `v${count(catalogue.version)}`, `${count(catalogue.titles)} titles · ${time(catalogue.ageMilliseconds)} old · model ${catalogue.modelVersion ?? '–'}`),
      figure('Memory', bytes(process.workingSetBytes), `${bytes(process.allocatedBytes)} allocated · ${Number(process.cpuSeconds ?? 0).toFixed(0)} s of processor`),
      figure(silos.length === 1 ? 'Silo' : 'Silos', String(silos.length), silos.map((silo) => `${silo.address} ${silo.status}`).join(' · ')));
    this.#grid(partitions);
  }

  #grid(partitions) {
    const grid = byId('operator-grid');
    if (grid.childElementCount !== partitions.length) grid.replaceChildren(...partitions.map(() => el('li', { class: 'cell' })));
    let lag = 0;
    let total = 0;
    partitions.forEach((partition, i) => {
      const before = this.#offsets.get(partition.partition) ?? partition.offset;
      // Heat fades over some seconds, so that a short burst can be seen.
      const heat = Math.min(1, (this.#heat.get(partition.partition) ?? 0) * 0.72 + Math.log2(1 + Math.max(0, partition.offset - before)) * 0.22);
      this.#offsets.set(partition.partition, partition.offset);
      this.#heat.set(partition.partition, heat);
      lag = Math.max(lag, partition.lag ?? 0);
      total += Number(partition.offset) || 0;
      const cell = grid.children[i];
      cell.style.setProperty('--heat', heat.toFixed(3));
      cell.classList.toggle('lagging', partition.lag > 0);
      const words = `Partition ${partition.partition}: offset ${count(partition.offset)}, epoch ${partition.epoch}, lag ${count(partition.lag)}, ${partition.state ?? ''}`;
      cell.title = words;
    });
    byId('operator-partitions').textContent = partitions.length ? `${partitions.length} partitions · ${count(total)} events in the log · largest lag ${count(lag)}` : '';
  }
}

const count = (value) => (Number.isFinite(Number(value)) ? Number(value).toLocaleString('en') : '–');
const rate = (value) => (Number.isFinite(value) ? (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')) : '–');
const time = (value) => (Number.isFinite(value) ? readable(value) : '–');
const bytes = (value) => (Number.isFinite(value) ? (value >= 1e9 ? `${(value / 1e9).toFixed(1)} GB` : `${Math.round(value / 1e6)} MB`) : '–');

function span(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 1) return `${Math.max(0, Math.floor(milliseconds / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function push(list, value) {
  list.push(value);
  if (list.length > kept) list.shift();
}

function figure(name, value, more, picture = null) {
  return el('div', { class: 'figure' }, el('dt', { text: name }), el('dd', {}, el('span', { class: 'figure-value', text: value }), picture, el('span', { class: 'figure-more', text: more })));
}

function chart(values) {
  const svg = shape('svg', { viewBox: '0 0 120 28', class: 'figure-chart', 'aria-hidden': 'true', preserveAspectRatio: 'none' });
  const highest = Math.max(1, ...values);
  const points = values.map((value, i) => `${(120 * (i + kept - values.length)) / (kept - 1)},${27 - (value / highest) * 24}`);
  const first = points[0]?.split(',')[0] ?? 0;
  svg.append(shape('polygon', { points: `${first},28 ${points.join(' ')} 120,28` }), shape('polyline', { points: points.join(' ') }));
  return svg;
}

/** Where p50 and p99 stand on the way to the promised second, on a logarithmic scale from 1 ms. */
function gauge(p50, p99) {
  const svg = shape('svg', { viewBox: '0 0 120 28', class: 'figure-chart', 'aria-hidden': 'true', preserveAspectRatio: 'none' });
  const at = (value) => Math.max(1, Math.min(120, (Math.log10(Math.max(1, value ?? 1)) / 3) * 120));
  svg.append(shape('rect', { class: 'lane', x: 0, y: 11, width: 120, height: 6, rx: 3 }), shape('rect', { class: 'far', x: 0, y: 11, width: at(p99), height: 6, rx: 3 }), shape('rect', { class: 'near', x: 0, y: 11, width: at(p50), height: 6, rx: 3 }));
  return svg;
}
