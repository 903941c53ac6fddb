import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { EngineEvent } from '../../shared/schema/event.ts';
import type { Api } from './api.ts';
import { EventHub } from './event-hub.ts';

/** What every part of the page shares: one client, and one stream of engine events. */
interface Connection {
  api: Api;
  events: EventHub;
}

const ConnectionContext = createContext<Connection | null>(null);

/** Gives the parts of the page the client they call and the events they listen to. */
export function ApiProvider({ api, children }: { api: Api; children: ReactNode }) {
  const connection = useMemo(() => ({ api, events: new EventHub() }), [api]);
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === null) throw new Error('This part of the page is outside ApiProvider.');
  return connection;
}

/** Returns the page's client. */
export function useApi(): Api {
  return useConnection().api;
}

/** Returns the page's hub of engine events. The list of jobs feeds it from its one stream. */
export function useEventHub(): EventHub {
  return useConnection().events;
}

/** Calls a function for every engine event of one type, with the newest version of that function. */
export function useEngineEvent<Type extends EngineEvent['type']>(
  type: Type,
  listener: (event: Extract<EngineEvent, { type: Type }>) => void,
): void {
  const events = useEventHub();
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => events.on(type, (event) => newest.current(event)), [events, type]);
}

/** Calls a function when the stream starts again after a lost connection: events in between were missed. */
export function useReconnected(listener: () => void): void {
  const events = useEventHub();
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => events.onReconnected(() => newest.current()), [events]);
}

/** Returns how often the stream has started again: an effect that depends on it reads again what it missed. */
export function useReconnections(): number {
  const [reconnections, setReconnections] = useState(0);
  useReconnected(() => setReconnections((before) => before + 1));
  return reconnections;
}

/** Returns whether the connection is lost. The banner says so, and nothing else needs to. */
export function useIsLost(): boolean {
  const events = useEventHub();
  const subscribe = useCallback((listener: () => void) => events.onConnection(listener), [events]);
  return useSyncExternalStore(subscribe, () => events.isLost);
}
