// Runs before the first paint, so that a light reader never sees a dark flash.
import { applyChoice, storedChoice } from './choice.js';

applyChoice(storedChoice());
