/** Line icons, 16 by 16 pixels, in the color of the text beside them. */
function Icon({ children }: { children: React.ReactNode }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      {children}
    </svg>
  );
}

export const ListIcon = () => (
  <Icon>
    <path d="M2 4h12M2 8h12M2 12h12" />
  </Icon>
);
export const TagIcon = () => (
  <Icon>
    <path d="M2 2h5.5L14 8.5 8.5 14 2 7.5Z" />
    <circle cx="5" cy="5" r="1" fill="currentColor" />
  </Icon>
);
export const BookmarkIcon = () => (
  <Icon>
    <path d="M4 2h8v12l-4-3-4 3Z" />
  </Icon>
);
export const BellIcon = () => (
  <Icon>
    <path d="M3 11.5c1.2-1 1.4-2.2 1.4-4.2a3.6 3.6 0 0 1 7.2 0c0 2 .2 3.2 1.4 4.2ZM6.6 13.4a1.5 1.5 0 0 0 2.8 0" />
  </Icon>
);
export const RadarIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.6" />
    <path d="M10.4 10.4 14 14M7 4.6v4.8M4.6 7h4.8" />
  </Icon>
);
export const GearIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.2" />
    <path d="M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M8 4.4V8l2.4 1.6" />
  </Icon>
);
export const SidebarIcon = () => (
  <Icon>
    <rect x="1.7" y="2.7" width="12.6" height="10.6" rx="2" />
    <path d="M6 2.7v10.6" />
  </Icon>
);
export const CopyIcon = () => (
  <Icon>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 3.5v-1h-8v8h1" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m3 8.4 3.4 3.4L13 4.6" />
  </Icon>
);

export function Logo() {
  return (
    <svg width="18" height="18" viewBox="0 0 16 16" fill="none" aria-hidden="true" style={{ flex: 'none' }}>
      <rect x="1" y="2" width="14" height="12" rx="2.5" stroke="var(--accent)" strokeWidth="1.6" />
      <path d="M4 6h5M4 9h3" stroke="var(--accent)" strokeWidth="1.5" />
      <path d="M11.2 5v8.6" stroke="var(--critical)" strokeWidth="1.6" />
    </svg>
  );
}
