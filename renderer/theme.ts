import { createTheme } from '@mantine/core';

/** Mantine, brought to the density of a mail client; colours that mean something are in style.css. */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Inter, Roboto, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  colors: {
    dark: [
      '#e8eaee',
      '#c4c9d2',
      '#aab1bd',
      '#98a0ad',
      '#3c424d',
      '#2f343d',
      '#20242b',
      '#16181d',
      '#121418',
      '#0d0f12',
    ],
    accent: [
      '#edf2ff',
      '#dbe4ff',
      '#bac8ff',
      '#9db4ff',
      '#7ea2ff',
      '#4c74ea',
      '#2f5bd8',
      '#274dbb',
      '#203f9b',
      '#19327b',
    ],
  },
  defaultRadius: 'sm',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
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
      },
    },
  },
});
