import { defineRequests } from '../schema/define-request.js';
import { optional, string } from '../schema/field-types.js';

const user = { username: optional(string) };

const subject = { subject: optional(string) };

/** Users and access control lists (ACL 2, since 5.3). */
export const authRequests = defineRequests({
  AUTH_CREATE_USER: {
    code: 3001,
    summary: 'Create a user; the body is UserInfo.',
    javaHeader: 'CreateUserRequestHeader',
    request: user,
  },
  AUTH_UPDATE_USER: {
    code: 3002,
    summary: 'Change a user; the body is UserInfo.',
    javaHeader: 'UpdateUserRequestHeader',
    request: user,
  },
  AUTH_DELETE_USER: {
    code: 3003,
    summary: 'Delete a user.',
    javaHeader: 'DeleteUserRequestHeader',
    request: user,
  },
  AUTH_GET_USER: {
    code: 3004,
    summary: 'Show a user; the body is UserInfo.',
    javaHeader: 'GetUserRequestHeader',
    request: user,
  },
  AUTH_LIST_USER: {
    code: 3005,
    summary: 'List users; the body is an array of UserInfo.',
    javaHeader: 'ListUsersRequestHeader',
    request: { filter: optional(string) },
  },
  AUTH_CREATE_ACL: {
    code: 3006,
    summary: 'Create the access control list of a subject; the body is AclInfo.',
    javaHeader: 'CreateAclRequestHeader',
    request: subject,
  },
  AUTH_UPDATE_ACL: {
    code: 3007,
    summary: 'Change the access control list of a subject; the body is AclInfo.',
    javaHeader: 'UpdateAclRequestHeader',
    request: subject,
  },
  AUTH_DELETE_ACL: {
    code: 3008,
    summary: 'Delete the access control list of a subject, or of one resource in it.',
    javaHeader: 'DeleteAclRequestHeader',
    request: { ...subject, policyType: optional(string), resource: optional(string) },
  },
  AUTH_GET_ACL: {
    code: 3009,
    summary: 'Show the access control list of a subject; the body is AclInfo.',
    javaHeader: 'GetAclRequestHeader',
    request: subject,
  },
  AUTH_LIST_ACL: {
    code: 3010,
    summary: 'List access control lists; the body is an array of AclInfo.',
    javaHeader: 'ListAclsRequestHeader',
    request: { subjectFilter: optional(string), resourceFilter: optional(string) },
  },
});
