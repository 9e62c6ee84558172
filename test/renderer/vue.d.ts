/** Components as the tests see them: what they draw is looked at, their props are checked where the page uses them. */
declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}
