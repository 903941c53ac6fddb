import { createTheme } from '@mantine/core';

/** Mantine in the window's type, spacing and density. Colors with a meaning are tokens in style.css. */
export const theme = createTheme({
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  colors: {
    dark: [
      '#e9ebef',
      '#c4c9d2',
      '#a5acb8',
      '#9aa1ae',
      '#727a88',
      '#2b2f38',
      '#1e2128',
      '#14161b',
      '#101216',
      '#0c0d10',
    ],
    accent: [
      '#e4ecfd',
      '#d3dffb',
      '#b5c9fb',
      '#a1bbff',
      '#8eaeff',
      '#4a72e0',
      '#2450c8',
      '#1d43ab',
      '#18388e',
      '#122b6e',
    ],
  },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '12px' },
  lineHeights: { xs: '1.34', sm: '1.54', md: '1.43', lg: '1.5', xl: '1.4' },
  defaultRadius: 'sm',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    // The placeholder is a child that a menu must not have (WAI-ARIA, menu).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    SegmentedControl: { defaultProps: { transitionDuration: 0 } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    TagsInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        transitionProps: { duration: 0 },
        overlayProps: { backgroundOpacity: 0.35 },
        // Of the dialog's own shade, also in the dark.
        styles: { header: { backgroundColor: 'inherit' } },
      },
    },
  },
});
