// Puts the page together.

import { Actions } from './actions.js';
import { connection } from './connection.js';
import { byId, icon } from './dom.js';
import { announce, banner, toast } from './feedback.js';
import { Gate } from './gate.js';
import { Hero } from './hero.js';
import { History } from './history.js';
import { Home } from './home.js';
import { Impressions } from './impressions.js';
import { listen } from './keys.js';
import { Meter } from './latency.js';
import { Operator } from './operator.js';
import { outbox } from './outbox.js';
import { Rows } from './rows.js';
import { Search } from './search.js';
import { session } from './session.js';
import { Sheet } from './sheet.js';
import { Trending } from './trending.js';

for (const place of document.querySelectorAll('[data-icon]')) place.prepend(icon(place.dataset.icon));

const rows = new Rows();
const home = new Home(rows);
const actions = new Actions(home, new Meter());
const sheet = new Sheet(actions);
const history = new History(home);
const gate = new Gate();
const impressions = new Impressions();
const trending = new Trending();
const act = (type, target, event) => actions.act(type, target, event);
const open = (target, origin) => sheet.open(target, origin);
const hero = new Hero(act, open);

new Operator();
new Search(open);
listen(act);

home.addEventListener('shown', ({ detail }) => {
  hero.show(detail.answer.rows);
  impressions.watch(detail.answer.rows);
  document.body.classList.add('ready');
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-act]');
  const card = button?.closest('.card')?.marqueeCard;
  if (!card) return;
  if (button.dataset.act === 'open') open(card, button);
  else act(button.dataset.act, card, event);
});

byId('history-open').addEventListener('click', () => history.open());
addEventListener('scroll', () => document.body.classList.toggle('scrolled', scrollY > 24), { passive: true });

session.addEventListener('change', () => {
  sheet.close();
  scrollTo({ top: 0 });
  home.load().catch(() => {});
});

const waitingWords = () => (outbox.size === 0 ? '' : outbox.size === 1 ? ' 1 event waits here and will be sent.' : ` ${outbox.size} events wait here and will be sent.`);
const tellLost = () => banner('lost', `The node is restarting or out of reach. Reconnecting…${waitingWords()}`, 'bad');
connection.addEventListener('lost', () => {
  tellLost();
  announce('The node is out of reach. Reconnecting.');
});
outbox.addEventListener('change', () => {
  if (!connection.online) tellLost();
  banner('stalled', outbox.stalled && `${outbox.stalled}${waitingWords()}`, 'bad');
});
// What a closed tab or a dead node had kept from being sent shows in the rows as soon as it is.
outbox.addEventListener('inherited', ({ detail }) => {
  if (detail.events.some((event) => event.userId === session.userId)) home.refresh(detail.position).catch(() => {});
});
outbox.addEventListener('refused', ({ detail }) => toast({ lead: 'The node refused it.', text: detail.message, glyph: 'close' }));
connection.addEventListener('back', () => {
  banner('lost', null);
  banner('back', 'The node is back, and so is everything you did.', 'good');
  setTimeout(() => banner('back', null), 3500);
  announce('The node is back.');
});

if (session.userId) home.load().catch(() => {});
else gate.open();
gate.load();
trending.start();
outbox.drain();
