import { Component, type ReactNode } from 'react';

/** Shows a way on where the page meets a fault of its own, in place of nothing. */
export class FaultBoundary extends Component<{ children: ReactNode }, { fault: Error | null }> {
  override state = { fault: null as Error | null };

  static getDerivedStateFromError(fault: Error): { fault: Error } {
    return { fault };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    return (
      <div role="alert" style={{ maxWidth: 480, margin: '18vh auto 0', padding: 20 }}>
        <h1 style={{ fontSize: 18 }}>The page met a fault of its own</h1>
        <p className="dim">{fault.message}</p>
        <p>Your jobs are checked all the same.</p>
        <button type="button" onClick={() => window.location.reload()}>
          Load it again
        </button>
      </div>
    );
  }
}
