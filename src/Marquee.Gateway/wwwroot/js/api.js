// The node's HTTP API, version 1, as this page uses it.

/** The node gave an answer that is not a success: `status`, the problem's words, and when to come again. */
export class Refusal extends Error {
  constructor(status, problem, retryAfterMilliseconds) {
    super(problem?.detail || problem?.title || `The node answered ${status}.`);
    this.status = status;
    this.problem = problem;
    this.retryAfterMilliseconds = retryAfterMilliseconds;
  }

  /** True when trying again later may help: overload and unavailability, not a mistake of ours. */
  get passing() {
    return this.status === 429 || this.status >= 500;
  }
}

/** The node did not answer at all. */
export class Silence extends Error {
  passing = true;
}

const patienceMilliseconds = 15000;

async function call(method, path, { body, signal } = {}) {
  let response;
  try {
    const timeout = AbortSignal.timeout(patienceMilliseconds);
    response = await fetch(path, {
      method,
      headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      cache: 'no-store',
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Silence(`No answer from the node (${error.name}).`);
  }
  const text = await response.text().catch(() => '');
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    json = null;
  }
  if (response.ok) return json;
  const seconds = Number(response.headers.get('retry-after'));
  throw new Refusal(response.status, json, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined);
}

function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length ? '?' + new URLSearchParams(pairs) : '';
}

const user = (id) => `/v1/users/${encodeURIComponent(id)}`;
const title = (id) => `/v1/titles/${encodeURIComponent(id)}`;

export const api = {
  sample: () => call('GET', '/v1/sample'),
  ready: () => call('GET', '/health/ready'),
  home: (userId, parameters, signal) => call('GET', `${user(userId)}/home${query(parameters)}`, { signal }),
  recommendations: (userId, parameters, signal) => call('GET', `${user(userId)}/recommendations${query(parameters)}`, { signal }),
  history: (userId, cursor) => call('GET', `${user(userId)}/history${query({ limit: 100, cursor })}`),
  erase: (userId) => call('DELETE', user(userId)),
  postEvents: (events) => call('POST', '/v1/events', { body: events }),
  title: (titleId) => call('GET', title(titleId)),
  stats: (titleId, signal) => call('GET', `${title(titleId)}/stats`, { signal }),
  similar: (titleId, signal) => call('GET', `${title(titleId)}/similar${query({ count: 9, metadata: true })}`, { signal }),
  search: (text, signal) => call('GET', `/v1/titles${query({ query: text, limit: 20 })}`, { signal }),
  trending: (count) => call('GET', `/v1/trending${query({ count, metadata: true })}`),
  status: () => call('GET', '/v1/status'),
};
