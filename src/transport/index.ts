// How the front end reaches sessions and the machine.
export {
  CommandError,
  type Native,
  type Notification,
  type Opened,
  type Transport,
} from './transport';
