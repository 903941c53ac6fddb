import { Component, type ReactNode } from 'react';

/** Catches an error of the page itself and offers to reload, instead of an empty window. */
export class FaultBoundary extends Component<{ children: ReactNode }, { fault: Error | null }> {
  // SAFETY: null is one of the field's values.
  override state = { fault: null as Error | null };

  static getDerivedStateFromError(fault: Error): { fault: Error } {
    return { fault };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    return (
      <div role="alert" style={{ maxWidth: 480, margin: '18vh auto 0', padding: 20 }}>
        <h1 style={{ fontSize: 18 }}>Something went wrong on this page</h1>
        <p className="dim">{fault.message}</p>
        <p>NotAfter keeps checking your hosts.</p>
        <button type="button" onClick={() => window.location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
