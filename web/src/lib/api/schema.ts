// Made by `npm run api` from docs/openapi.json. Do not edit.

export interface paths {
    "/api/admin/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How this node and what it shares with others are. Only for administrators. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StatusAnswer"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Only for administrators */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Addresses of files that are good for ten minutes without a login, for images and downloads in pages of other origins.
         *     They are no better than the login they are made with: when it ends, or you may no longer read the task, so do they.
         */
        get: {
            parameters: {
                query: {
                    /**
                     * @description Ids of 1 to 100 files, with commas between them.
                     * @example 0b6f3c9a-17d2-4e84-a60b-1c5d7f09a3e4
                     */
                    ids: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Links"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send files ahead of a message. Within an hour, a message to the task may name them by their ids; then they are gone. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": components["schemas"]["UploadForm"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Staged"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many files, or one that is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not a form, or a file of a kind that is not taken */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for other files */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every change, who made it and when, newest first. Only for administrators. */
        get: {
            parameters: {
                query?: {
                    /** @description Who did it. */
                    actor?: number;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /**
                     * @description What happened.
                     * @example task_created
                     */
                    kind?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description In which task. */
                    taskId?: number;
                    /** @description To whose account. */
                    userId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Only for administrators */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in. A browser that sends `X-Faff-CSRF: 1` also gets the session cookie. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LogIn"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unknown address or wrong password */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log out: this login's token is good no more. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Ended */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UserAnswer"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change your password. Every other login of yours ends. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangePassword"];
                };
            };
            responses: {
                /** @description Changed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The current password is wrong */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change your name or address. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangeProfile"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UserAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The address is taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register: an account and a first token. The role is always `user`. Where `REGISTRATION` is `invite`, an invitation is needed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Register"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Registration is not open, or the invitation is not good */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The address is taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Become the first administrator, with the token that the server printed at its start. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SetUp"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not the token of this start */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is an administrator already, or the address is taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People to assign or mention: active accounts. Without `limit`, all of them. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description Part of a name or address. */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PeoplePage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you are to be told of: mentions, answers, tickets to work on, reviews. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description `true` for those that are done, too. */
                    done?: boolean;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description `true` for those that are unread. */
                    unread?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InboxPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Mark an entry of your inbox as read or done, or not. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangeInboxEntry"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/read-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark everything in your inbox as read. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReadInbox"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReadAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Post a message. With a `clientId` or an `Idempotency-Key` it is safe to send again. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PostMessage"];
                    "multipart/form-data": components["schemas"]["MessageForm"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessageAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for another message */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Edit your message, or add files to it. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EditMessage"];
                    "multipart/form-data": components["schemas"]["EditForm"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessageAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It was deleted */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Delete a message: your own, or any as an administrator. Where it was answered, a tombstone stays. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 9 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It was deleted */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{id}/attachment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove one file of a message: of your own, or of any as an administrator. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RemoveAttachment"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessageAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The message was deleted */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{id}/thread": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The thread that a message belongs to. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ThreadAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/task/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of a task. */
        get: {
            parameters: {
                query?: {
                    /** @description The messages right after this one. */
                    after?: number;
                    /** @description This message with what was said before and after it. */
                    around?: number;
                    /** @description The messages right before this one; `latest` for the end of the conversation. */
                    before?: string;
                    /** @description `nextCursor` or `prevCursor` of another page. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description For older clients: the number of a page, from 1, instead of a cursor. */
                    page?: number;
                };
                header?: never;
                path: {
                    /** @example 1 */
                    taskId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessagePage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/thread/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The thread that a message belongs to. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ThreadAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meta": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a page must know before anybody is logged in. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MetaAnswer"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/qa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reviews of all tasks that exist for you. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /**
                     * @description `createdAt`, or `-createdAt` for the newest first, which holds when it is left out.
                     * @example createdAt
                     */
                    sort?: string;
                    /** @description `pending`, `approved` or `rejected`. */
                    status?: string;
                    /** @description Of which task. */
                    taskId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReviewPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Ask for a review of a message. A message has one open review: while there is one, it is the answer (200); it is analysed
         *     again if the message was edited since, or if that could not be done. What a machine thinks is told to the room by
         *     `review_updated`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RequestReview"];
                };
            };
            responses: {
                /** @description It was open already */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReviewAnswer"];
                    };
                };
                /** @description It was opened */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReviewAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The message was deleted */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for another request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/qa/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a review. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReviewAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Decide about a message: approve it, or reject it with feedback; by the machine's verdict with `useAI`. Of several who decide
         *     at once, one does. Whoever wrote the message may not, unless as an administrator.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 9 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DecideReview"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReviewAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It was decided; or there is no analysis of the message as it is now; or another review is open */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/qa/guidance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is asked of messages in your field. Only for administrators. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GuidanceAnswer"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Only for administrators */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Say what is asked of messages in your field. Analyses from now on go by it. Only for administrators; the audit tells who
         *     changed it and when, not the words.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangeGuidance"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GuidanceAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Somebody changed it since you read it */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/qa/task/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reviews of a task. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /**
                     * @description `createdAt`, or `-createdAt` for the newest first, which holds when it is left out.
                     * @example createdAt
                     */
                    sort?: string;
                    /** @description `pending`, `approved` or `rejected`. */
                    status?: string;
                };
                header?: never;
                path: {
                    /** @example 1 */
                    taskId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReviewPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reading": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far you have read these tickets: for whoever shows a page of them. */
        get: {
            parameters: {
                query: {
                    /**
                     * @description The ids of 1 to 100 tickets, separated by commas.
                     * @example 1,2,3
                     */
                    taskIds: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReadingList"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Search tickets and messages. */
        get: {
            parameters: {
                query: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description `task` or `message`, for hits of one kind only. */
                    kind?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /**
                     * @description Words that must all occur; beginnings of words suffice.
                     * @example printer fire
                     */
                    q: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SearchPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/summaries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write a summary of a task. It stands beside the one that is made, and does not change it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WriteSummary"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SummaryAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for another request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/summaries/generate/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a summary of a task made. When the one there is says everything, that is the answer; otherwise it is made soon, and
         *     the room is told by `summary_updated`, or `summary_failed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    /** @example 1 */
                    taskId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is there */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SummariesAnswer"];
                    };
                };
                /** @description It will be made */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SummariesAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for another request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/summaries/task/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What there is of summaries of a task: the one that was made, the last one that a person wrote, and how it stands with the
         *     one that is to be made.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    taskId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SummariesAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tasks, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description A user's id, `me` or `none`. */
                    assigneeId?: string;
                    /** @description A user's id or `me`. */
                    createdById?: string;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description For older clients: the number of a page, from 1, instead of a cursor. */
                    page?: number;
                    /** @description One or several of `low`, `medium`, `high`, `urgent`, separated by commas. */
                    priority?: string;
                    /** @description Words that must occur in the title, the description or a message; beginnings of words suffice. */
                    search?: string;
                    /**
                     * @description `createdAt`, `updatedAt` or `priority`; with `-` in front, from the highest down. `-createdAt` when left out.
                     * @example -updatedAt
                     */
                    sort?: string;
                    /**
                     * @description One or several of `open`, `in_progress`, `resolved`, `closed`, separated by commas.
                     * @example open,in_progress
                     */
                    status?: string;
                    /** @description A tag. */
                    tag?: string;
                    /** @description `team` or `private`. */
                    visibility?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaskPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** File a task. With an `Idempotency-Key` it is safe to send again. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateTask"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaskAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for another request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a task. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaskAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Change a task. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangeTask"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaskAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Somebody changed it since you read it */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Delete a task with its messages and files. Only for administrators; its log remains. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 9 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in a task, from a position on: exactly what a client that remembers the last `seq` has missed. */
        get: {
            parameters: {
                query?: {
                    /** @description The `seq` of the last event you have; 0 for all. */
                    after?: number;
                    /** @description 1 to 100. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventsAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of a task. */
        get: {
            parameters: {
                query?: {
                    /** @description The messages right after this one. */
                    after?: number;
                    /** @description This message with what was said before and after it. */
                    around?: number;
                    /** @description The messages right before this one; `latest` for the end of the conversation. */
                    before?: string;
                    /** @description `nextCursor` or `prevCursor` of another page. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description For older clients: the number of a page, from 1, instead of a cursor. */
                    page?: number;
                };
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessagePage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Post a message to this task. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PostToTask"];
                    "multipart/form-data": components["schemas"]["MessageForm"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessageAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for another message */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was let into a task, besides its creator and its assignee. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ParticipantsAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/participants/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Let somebody into a task. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                    /** @example 2 */
                    userId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They take part */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Take somebody out of a task. Everyone may take themselves out. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                    /** @example 2 */
                    userId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They take no part */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far you have read this ticket. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReadingAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Say how far you have read a ticket. What your inbox holds of it up to there is read as well. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MarkRead"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReadingAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts, also those that were deactivated. Only for administrators. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description Part of a name or address. */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Only for administrators */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An account, for administrators; everyone may look at their own. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UserAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Only for administrators */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Change a person's role, or whether they may log in. Their logins end. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 2 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangeAccess"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UserAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It is the last administrator */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite somebody: for administrators. Nothing is sent: hand them the address of the page
         *     `/register#email=EMAIL&invitation=TOKEN`, of which no log sees what is behind the `#`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Invite"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvitationAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not an administrator, or registration is closed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The address has an account */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your views, and those that others share. */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ViewPage"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Save a view. With an `Idempotency-Key` it is safe to send again. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key gives the first answer again */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SaveView"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ViewAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description You have as many as you may */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key was used for another request */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change your view, or as an administrator one that is shared. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 1 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangeView"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ViewAnswer"];
                    };
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Delete your view, or as an administrator one that is shared. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example 9 */
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Visible, but not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How this node and its services are. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HealthAnswer"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description An essential service fails */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HealthAnswer"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process runs. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Probe"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this node should get requests. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Probe"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Stopping, or without its database */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Probe"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this node has done and how it stands, for Prometheus. For administrators, and by `METRICS_TOKEN` for a scraper. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OpenMetrics text */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/openmetrics-text": string;
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Neither an administrator nor the token of the settings */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/messages/{filename}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file of a message, or one that you have staged; or its thumbnail. One range of a file may be asked for. Instead of a
         *     login, `pass` of a signed address will do.
         */
        get: {
            parameters: {
                query?: {
                    /** @description As a signed address has it */
                    pass?: string;
                };
                header?: {
                    /** @description The `ETag` of what you have */
                    "If-None-Match"?: string | null;
                    /**
                     * @description One range of bytes
                     * @example bytes=0-1023
                     */
                    Range?: string | null;
                };
                path: {
                    /** @description As `url` or `thumbnailUrl` has it */
                    filename: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": number[];
                    };
                };
                /** @description The part of it */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": number[];
                    };
                };
                /** @description You have it */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A value is missing, unknown or out of range */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description No login, or one that has ended */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not exist, or not for you */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description It has no such part; `Content-Range` says how long it is */
                416: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A fault of the server */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Busy, or the database cannot be reached */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Accounts. */
        AccountPage: {
            hasMore: boolean;
            nextCursor?: string | null;
            users: components["schemas"]["User"][];
        };
        /** @description What makes summaries and analyses. */
        AiStatus: {
            /**
             * @description `built-in` or `model`.
             * @example built-in
             */
            engine: string;
            /** @description The name of the language model, if there is one. */
            model?: string | null;
        };
        /** @description A file of a message. */
        Attachment: {
            /**
             * Format: date-time
             * @description When it was sent.
             */
            createdAt: string;
            /**
             * @description Its name here: random.
             * @example 5f3c9a17d2e84b60b1c5d7f09a3e42860
             */
            filename: string;
            /**
             * Format: int64
             * @description Pixels from top to bottom, of an image whose header tells, as it is shown.
             */
            height?: number | null;
            /**
             * Format: uuid
             * @description The file.
             */
            id: string;
            /**
             * @description What it is, by its content.
             * @example image/jpeg
             */
            mimetype: string;
            /**
             * @description Its name where it came from, without folders and control characters.
             * @example printer.jpg
             */
            originalName: string;
            /**
             * Format: int64
             * @description Bytes.
             * @example 48213
             */
            size: number;
            /**
             * @description Where to read a small picture of it, the same way; `null` when there is none, as of what is no image, of one that
             *     cannot be read, and of one that is very large.
             * @example /uploads/messages/5f3c9a17d2e84b60b1c5d7f09a3e42860t
             */
            thumbnailUrl?: string | null;
            /**
             * @description Where to read it, with the same login; a path, unless the server was told its own address.
             * @example /uploads/messages/5f3c9a17d2e84b60b1c5d7f09a3e42860
             */
            url: string;
            /**
             * Format: int64
             * @description Pixels from left to right, of an image whose header tells, as it is shown.
             */
            width?: number | null;
        };
        /** @description A staged file, to go with a message. */
        AttachmentRef: {
            /**
             * Format: uuid
             * @description As the upload answered.
             */
            id: string;
        };
        /** @description Something that happened. */
        AuditEvent: {
            actor?: components["schemas"]["UserRef"] | null;
            /**
             * Format: int64
             * @description Who did it; null when it was the command line.
             */
            actorId?: number | null;
            /** Format: date-time */
            at: string;
            /** @description The particulars. */
            data: Record<string, never>;
            /**
             * Format: int64
             * @description Its place in the whole log.
             */
            id: number;
            /**
             * @description What happened.
             * @example task_created
             */
            kind: string;
            /**
             * Format: int64
             * @description Its number in that task or account.
             */
            seq: number;
            /**
             * Format: int64
             * @description The task it happened in.
             */
            taskId?: number | null;
            /**
             * Format: int64
             * @description The account it happened to.
             */
            userId?: number | null;
        };
        /** @description A page of the audit. */
        AuditPage: {
            events: components["schemas"]["AuditEvent"][];
            hasMore: boolean;
            nextCursor?: string | null;
        };
        /** @description What to change; what is left out stays. */
        ChangeAccess: {
            /** @description An account that is not active cannot log in, and its logins end now. */
            active?: boolean | null;
            role?: components["schemas"]["Role"] | null;
        };
        /** @description What shall be asked of messages. */
        ChangeGuidance: {
            /**
             * @description Up to 10,000 characters; empty to ask for nothing in particular.
             * @example Never promise a date. Amounts are in euros.
             */
            content: string;
            /**
             * Format: int64
             * @description The `version` you have read. When somebody was faster, the answer is 409 and nothing changes.
             */
            version?: number | null;
        };
        /** @description What to mark; what is left out stays. */
        ChangeInboxEntry: {
            /** @description Whether you are done with it. What is done is read. */
            done?: boolean | null;
            /** @description Whether you have read it. */
            read?: boolean | null;
        };
        /** @description The old password and the new one. */
        ChangePassword: {
            /**
             * Format: password
             * @example printer on fire 7
             */
            currentPassword: string;
            /**
             * Format: password
             * @description 8 characters to 72 bytes.
             * @example printer put out 8
             */
            newPassword: string;
        };
        /** @description What to change; what is left out stays. */
        ChangeProfile: {
            /**
             * Format: email
             * @description One account each.
             * @example bo@faff.example
             */
            email?: string | null;
            /**
             * @description 1 to 100 characters.
             * @example Bo Ek
             */
            name?: string | null;
        };
        /** @description What to change; what is left out stays. */
        ChangeTask: {
            /**
             * Format: int64
             * @description An active user, or null for nobody.
             */
            assignedToId?: number | null;
            /** @description 1 to 10,000 characters of markdown. */
            description?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            status?: components["schemas"]["Status"] | null;
            /** @description All the tags from now on. */
            tags?: string[] | null;
            /**
             * @description 1 to 255 characters.
             * @example Printer on floor 2 was on fire
             */
            title?: string | null;
            /**
             * Format: int64
             * @description The `version` you have read. When somebody was faster, the answer is 409 and nothing changes.
             */
            version?: number | null;
            visibility?: components["schemas"]["Visibility"] | null;
        };
        /** @description What to change; what is left out stays. */
        ChangeView: {
            /** @description 1 to 100 characters. */
            name?: string | null;
            /**
             * Format: int64
             * @description Where it stands among its owner's.
             */
            place?: number | null;
            /** @description As when it was saved. */
            query?: string | null;
            /** @description Whether everybody is to see it. */
            shared?: boolean | null;
        };
        /** @description What is told in addition when `page` was asked for. */
        Counted: {
            /** Format: int64 */
            currentPage?: number | null;
            /** Format: int64 */
            totalCount?: number | null;
            /** Format: int64 */
            totalPages?: number | null;
        };
        /** @description What the task is about. */
        CreateTask: {
            /**
             * Format: int64
             * @description An active user.
             */
            assignedToId?: number | null;
            /**
             * @description 1 to 10,000 characters of markdown.
             * @example Smoke since **nine**. It still prints.
             */
            description: string;
            priority?: components["schemas"]["Priority"] | null;
            status?: components["schemas"]["Status"] | null;
            /**
             * @description At most 10, each 1 to 32 letters, digits, `-`, `_` or `.`.
             * @example [
             *       "printer"
             *     ]
             */
            tags?: string[] | null;
            /**
             * @description 1 to 255 characters.
             * @example Printer on floor 2 is on fire
             */
            title: string;
            visibility?: components["schemas"]["Visibility"] | null;
        };
        /** @description The database, which all nodes share. */
        DatabaseStatus: {
            /**
             * Format: int64
             * @description How large it is, on disk.
             */
            bytes: number;
            /**
             * @description `sqlite` or `postgres`.
             * @example postgres
             */
            engine: string;
            pool?: components["schemas"]["PoolStatus"] | null;
            /**
             * Format: int64
             * @description The last step of the schema.
             * @example 14
             */
            schema: number;
        };
        /** @description What you decide. */
        DecideReview: {
            /**
             * @description What to say to whoever wrote the message: up to 5,000 characters of markdown. A rejection needs it.
             * @example Thank them for waiting first.
             */
            feedback?: string | null;
            status?: components["schemas"]["ReviewStatus"] | null;
            /** @description Take the machine's verdict, and what it says, unless you say something yourself. */
            useAI?: boolean | null;
        };
        /** @description What was done, for people. */
        Done: {
            /** @example Message deleted */
            message: string;
        };
        /** @description The same, as a form with files. */
        EditForm: {
            /** @description 1 to 20,000 characters of markdown; empty only while there are files. */
            content?: string | null;
            /** @description Files of at most 10 MiB; a message has at most 5. */
            files: string[];
        };
        /** @description What to say instead, and files to add; at least one of them. */
        EditMessage: {
            /** @description Files that you have staged for this task; a message has at most 5. */
            attachments?: components["schemas"]["AttachmentRef"][] | null;
            /**
             * @description 1 to 20,000 characters of markdown; empty only while there are files.
             * @example It is **out** now.
             */
            content?: string | null;
        };
        /** @description One entry. */
        EntryAnswer: {
            entry: components["schemas"]["InboxEntry"];
        };
        /** @description A page of a task's log. */
        EventsAnswer: {
            events: components["schemas"]["TaskEvent"][];
            /** @description Whether more events follow this page; ask again after the last one's `seq`. */
            hasMore: boolean;
            /**
             * Format: int64
             * @description Where the log ends now.
             */
            seq: number;
        };
        /** @description What is wrong with one field of a request. */
        FieldProblem: {
            /**
             * @description What is wrong with it: `required`, `unknown`, `type`, `length`, `range`, `format`, `choice`, `reference`.
             * @example length
             */
            code: string;
            /**
             * @description The field's name as sent.
             * @example title
             */
            field: string;
            /**
             * @description The same for people.
             * @example Title must have 1 to 255 characters
             */
            message: string;
        };
        /** @description The files of messages. */
        FilesStatus: {
            /**
             * Format: int64
             * @description Of all of them, without thumbnails.
             */
            bytes: number;
            /** Format: int64 */
            count: number;
            /**
             * @description `folder` or `bucket`.
             * @example folder
             */
            store: string;
        };
        /** @description A message that was found. */
        FoundMessage: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @description Who said it. */
            sender: components["schemas"]["UserRef"];
            /**
             * Format: int64
             * @description Its place in the ticket.
             */
            seq: number;
        };
        /** @description What is asked of messages. */
        GuidanceAnswer: {
            guidance: components["schemas"]["ReviewGuidance"];
        };
        /** @description How this node is. */
        HealthAnswer: {
            services: components["schemas"]["Services"];
            /**
             * @description `ok`, `degraded` when something is missing that others can do without, `down` when not.
             * @example ok
             */
            status: string;
            /** Format: date-time */
            timestamp: string;
            /** @description Of this program. */
            version: string;
        };
        /**
         * @description What was found.
         * @enum {string}
         */
        HitKind: "task" | "message";
        /** @description Something that you are told of. */
        InboxEntry: {
            /** @description Who did it. */
            actor: components["schemas"]["UserRef"];
            /** Format: int64 */
            actorId: number;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When you put it aside.
             */
            doneAt?: string | null;
            /** @description The beginning of that message, on one line, without markdown's mentions. */
            excerpt?: string | null;
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @description Why. */
            kind: components["schemas"]["Kind"];
            /**
             * Format: int64
             * @description The message it is about; null where it is about the ticket itself.
             */
            messageId?: number | null;
            /**
             * Format: date-time
             * @description When you read it.
             */
            readAt?: string | null;
            /**
             * Format: int64
             * @description The place in the ticket.
             */
            seq: number;
            /** @description The ticket it is about. */
            task: components["schemas"]["TaskRef"];
            /**
             * Format: int64
             * @example 1
             */
            taskId: number;
        };
        /** @description A page of your inbox, newest first. */
        InboxPage: {
            entries: components["schemas"]["InboxEntry"][];
            hasMore: boolean;
            nextCursor?: string | null;
            /**
             * Format: int64
             * @description Entries that are neither read nor done; 100 stands for more, too.
             */
            unreadCount: number;
        };
        /** @description A setting as it is shown: no secret is in it. */
        InEffect: {
            /**
             * @description The environment variable.
             * @example PORT
             */
            name: string;
            /**
             * @description Where that comes from.
             * @example default
             */
            origin: string;
            /**
             * @description What holds.
             * @example 3000
             */
            value: string;
        };
        /** @description What lets somebody make an account. */
        Invitation: {
            /**
             * @description The canonical e-mail address that it is for.
             * @example bo@faff.example
             */
            email: string;
            /**
             * Format: date-time
             * @description Until when it is good.
             */
            expiresAt: string;
            /** @description Give it to `POST /api/auth/register`, as `invitation`. */
            token: string;
        };
        /** @description An invitation. */
        InvitationAnswer: {
            invitation: components["schemas"]["Invitation"];
        };
        /** @description Whom to invite. */
        Invite: {
            /**
             * Format: email
             * @description The address that the account will have.
             * @example bo@faff.example
             */
            email: string;
        };
        /** @description Jobs of a kind and a state. */
        JobCount: {
            /** Format: int64 */
            count: number;
            /** @example summary */
            kind: string;
            /**
             * @description `waiting`, `running`, or `parked`: given up.
             * @example waiting
             */
            state: string;
        };
        /** @description How it stands with something that was asked for. */
        JobProgress: {
            /** @description Why the last attempt failed; null when none has. */
            code?: string | null;
            /**
             * @description `waiting`, `running`, or `failed`: then nothing more happens until it is asked for again.
             * @example waiting
             */
            state: string;
        };
        /** @description The jobs of all nodes. */
        JobsStatus: {
            /** @description How many there are, by what they are for and how far they have come. What is done is gone. */
            counts: components["schemas"]["JobCount"][];
            /**
             * Format: int64
             * @description Since when the first that waits has been due, in seconds; null when none is.
             */
            oldestWaiting?: number | null;
        };
        /**
         * @description Why somebody is told.
         * @enum {string}
         */
        Kind: "mentioned" | "replied" | "assigned" | "review_requested" | "review_decided";
        /** @description An address that is good without a login. */
        Link: {
            /**
             * Format: date-time
             * @description Until when both are good.
             */
            expiresAt: string;
            /**
             * Format: uuid
             * @description The file.
             */
            id: string;
            /** @description Where to read its thumbnail; `null` when there is none. */
            thumbnailUrl?: string | null;
            /**
             * @description Where to read it.
             * @example /uploads/messages/5f3c9a17d2e84b60b1c5d7f09a3e42860?pass=AAAAAAAAAAE
             */
            url: string;
        };
        /** @description Addresses of files. */
        Links: {
            /** @description In no particular order; a file that does not exist, or not for you, has none. */
            links: components["schemas"]["Link"][];
        };
        /** @description Who wants in. */
        LogIn: {
            /** @example bo@faff.example */
            email: string;
            /**
             * Format: password
             * @example printer on fire 7
             */
            password: string;
        };
        /** @description A fresh login. */
        LoginAnswer: {
            /** @description Send it as `Authorization: Bearer TOKEN`. */
            token: string;
            user: components["schemas"]["User"];
        };
        /** @description The event log. */
        LogStatus: {
            /**
             * Format: int64
             * @description Since when this node has not followed it, in milliseconds; null before the first time.
             */
            followedMsAgo?: number | null;
            /**
             * Format: int64
             * @description The id of its last event.
             */
            head: number;
        };
        /** @description How far. */
        MarkRead: {
            /**
             * @description `true` to go back, so that what is behind is unread again. Left out, a place only goes forward: of several windows, the
             *     one that is furthest counts.
             */
            back?: boolean | null;
            /**
             * Format: int64
             * @description The number of the last event that you have seen; a message has it as its `seq`.
             * @example 12
             */
            seq: number;
        };
        /** @description Something that was said in a task. */
        Message: {
            /** @description Its files. */
            attachments: components["schemas"]["Attachment"][];
            /** @description The sender's own name for it. */
            clientId?: string | null;
            /**
             * @description What was said, as markdown; empty once deleted.
             * @example Is it **still** on fire?
             */
            content: string;
            /** @description The same as HTML that is safe to show. */
            contentHtml: string;
            /**
             * Format: date-time
             * @description When it was posted.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was deleted.
             */
            deletedAt?: string | null;
            /**
             * Format: date-time
             * @description When it was edited last.
             */
            editedAt?: string | null;
            /**
             * Format: int64
             * @description The message.
             * @example 1
             */
            id: number;
            /**
             * Format: int64
             * @description Answers to it that are not deleted.
             */
            replyCount: number;
            replyTo?: components["schemas"]["Parent"] | null;
            /**
             * Format: int64
             * @description What it answers.
             */
            replyToId?: number | null;
            /** @description Who said it. */
            sender: components["schemas"]["UserRef"];
            /**
             * Format: int64
             * @description Who said it.
             */
            senderId: number;
            /**
             * Format: int64
             * @description Its place in the task.
             */
            seq: number;
            /**
             * Format: int64
             * @description Its task.
             * @example 1
             */
            taskId: number;
            /**
             * Format: date-time
             * @description When it was posted, edited or deleted.
             */
            updatedAt: string;
        };
        /** @description A message that was written. */
        MessageAnswer: {
            data: components["schemas"]["Message"];
            /**
             * @description What was done, for people.
             * @example Message sent
             */
            message: string;
        };
        /** @description What to say, as a form with files. */
        MessageForm: {
            /** @description Your own name for it. */
            clientId?: string | null;
            /** @description 1 to 20,000 characters of markdown; with files, it may be left out. */
            content?: string | null;
            /** @description Up to 5 files of at most 10 MiB. */
            files: string[];
            /**
             * Format: int64
             * @description A message of the same task.
             */
            replyToId?: number | null;
            /**
             * Format: int64
             * @description The task, unless the path names it.
             */
            taskId?: number | null;
        };
        /** @description A page of messages, in the order they were posted. */
        MessagePage: components["schemas"]["Counted"] & {
            /** @description Whether there is more in the direction that was asked for. */
            hasMore: boolean;
            messages: components["schemas"]["Message"][];
            /** @description What was said after this page; null at the end. */
            nextCursor?: string | null;
            /** @description What was said before this page; null at the beginning. */
            prevCursor?: string | null;
        };
        /** @description This server, for a page that is about to show how to log in. */
        MetaAnswer: {
            /**
             * @description Of the web client that it serves; null without one. A page that was loaded from another is to be loaded again.
             * @example 0123456789abcdef
             */
            clientVersion?: string | null;
            /** @description Whether there is an administrator; if not, whoever holds the link that the server printed at its start becomes one. */
            hasAdministrator: boolean;
            /** @example Faff */
            name: string;
            /**
             * @description Who may make an account: `open` for anyone, `invite`, `closed`.
             * @example open
             */
            registration: string;
            uploads: components["schemas"]["Uploads"];
            /** @description Of this program. */
            version: string;
        };
        /** @description This node. */
        NodeStatus: {
            /**
             * Format: int64
             * @description Memory in use, where the system tells.
             */
            memoryBytes?: number | null;
            /** @description Tickets that somebody has open here. */
            rooms: number;
            /** @description Connected sockets. */
            sockets: number;
            /** @description Whether it works on jobs, too. */
            worker: boolean;
        };
        /** @description The message that another one answers. */
        Parent: {
            /** @description Its first 280 characters. */
            content: string;
            /**
             * Format: int64
             * @description The message.
             */
            id: number;
            /** @description Who said it. */
            sender: components["schemas"]["UserRef"];
        };
        /** @description The people who were let into a task. */
        ParticipantsAnswer: {
            participants: components["schemas"]["UserRef"][];
        };
        /** @description People to assign or mention. */
        PeoplePage: {
            hasMore: boolean;
            nextCursor?: string | null;
            users: components["schemas"]["UserRef"][];
        };
        /** @description Connections to the database. */
        PoolStatus: {
            /** @description Those of them that nobody uses. */
            idle: number;
            open: number;
            /** @description Who waits for one. */
            waiting: number;
        };
        /** @description What to say, and where. */
        PostMessage: {
            /** @description Up to 5 files that you have staged for this task. */
            attachments?: components["schemas"]["AttachmentRef"][] | null;
            /** @description Your own name for it, 1 to 64 visible ASCII characters: sent again, it answers with the first message. */
            clientId?: string | null;
            /**
             * @description 1 to 20,000 characters of markdown; with files, it may be left out.
             * @example Is it **still** on fire?
             */
            content?: string | null;
            /**
             * Format: int64
             * @description A message of the same task.
             */
            replyToId?: number | null;
            /**
             * Format: int64
             * @description The task.
             * @example 1
             */
            taskId: number;
        };
        /** @description What to say. */
        PostToTask: {
            /** @description Up to 5 files that you have staged for this task. */
            attachments?: components["schemas"]["AttachmentRef"][] | null;
            /** @description Your own name for it, 1 to 64 visible ASCII characters: sent again, it answers with the first message. */
            clientId?: string | null;
            /**
             * @description 1 to 20,000 characters of markdown; with files, it may be left out.
             * @example Is it **still** on fire?
             */
            content?: string | null;
            /**
             * Format: int64
             * @description A message of the same task.
             */
            replyToId?: number | null;
        };
        /**
         * @description How much it matters.
         * @enum {string}
         */
        Priority: "low" | "medium" | "high" | "urgent";
        /** @description A probe's answer. */
        Probe: {
            /**
             * @description `ok`, or why not.
             * @example ok
             */
            status: string;
        };
        /** @description The body of every answer that refuses. */
        Problem: {
            /**
             * @description What went wrong, for programs.
             * @example validation_failed
             */
            code: string;
            /**
             * @description What went wrong and what to do, for people.
             * @example Title must have 1 to 255 characters
             */
            error: string;
            /** @description The fields that are wrong; empty when it is not about fields. */
            fields: components["schemas"]["FieldProblem"][];
            /** @description The same as `error`. */
            message: string;
            /** @description The request, in the server's log. */
            requestId: string;
            /**
             * @description `fail` for 4xx, `error` for 5xx.
             * @example fail
             */
            status: string;
        };
        /** @description A review of a message. */
        QAReview: {
            analysis?: components["schemas"]["ReviewAnalysis"] | null;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was decided.
             */
            decidedAt?: string | null;
            /**
             * @description What is said to whoever wrote the message, as markdown.
             * @example Thank them for waiting first.
             */
            feedback?: string | null;
            /** @description The same as HTML that is safe to show. */
            feedbackHtml?: string | null;
            /**
             * Format: int64
             * @description The review.
             * @example 1
             */
            id: number;
            job?: components["schemas"]["JobProgress"] | null;
            /**
             * Format: int64
             * @description The message.
             * @example 1
             */
            messageId: number;
            /** @description Whether the message was edited since it was analysed. */
            outdated: boolean;
            /** @description Who asked for it. */
            requestedBy: components["schemas"]["UserRef"];
            /**
             * Format: int64
             * @description Who asked for it.
             */
            requestedById: number;
            reviewer?: components["schemas"]["UserRef"] | null;
            /**
             * Format: int64
             * @description Who decided.
             */
            reviewerId?: number | null;
            /** @description What was decided. */
            status: components["schemas"]["ReviewStatus"];
            /**
             * Format: int64
             * @description Its task.
             * @example 1
             */
            taskId: number;
            /**
             * Format: date-time
             * @description When it was analysed or decided last.
             */
            updatedAt: string;
            /** @description Whether the decision is the machine's verdict. */
            usedAI: boolean;
        };
        /** @description What is left. */
        ReadAnswer: {
            /**
             * Format: int64
             * @description Entries that are still unread, because they came later.
             */
            unreadCount: number;
        };
        /** @description How far. */
        ReadInbox: {
            /**
             * Format: int64
             * @description The newest entry that you have seen; null for all there are.
             */
            upToId?: number | null;
        };
        /** @description How far you have read a ticket. */
        Reading: {
            /**
             * Format: int64
             * @description The first of them.
             */
            firstUnreadId?: number | null;
            /** @description Whether something that you have not read mentions you. */
            mentioned: boolean;
            /**
             * Format: int64
             * @description The number of the last event that you have seen; 0 when none.
             */
            readSeq: number;
            /**
             * Format: int64
             * @example 1
             */
            taskId: number;
            /**
             * Format: int64
             * @description Messages of others behind it; 100 stands for more, too.
             */
            unreadCount: number;
        };
        /** @description How far you have read one ticket. */
        ReadingAnswer: {
            reading: components["schemas"]["Reading"];
        };
        /** @description How far you have read several tickets. */
        ReadingList: {
            /** @description By their ids; those that do not exist for you are left out. */
            reading: components["schemas"]["Reading"][];
        };
        /** @description Who wants an account. */
        Register: {
            /**
             * Format: email
             * @description One account each.
             * @example bo@faff.example
             */
            email: string;
            /** @description The token of an invitation for this address, good once. */
            invitation?: string | null;
            /**
             * @description 1 to 100 characters.
             * @example Bo Ek
             */
            name: string;
            /**
             * Format: password
             * @description 8 characters to 72 bytes.
             * @example printer on fire 7
             */
            password: string;
        };
        /** @description Which file. */
        RemoveAttachment: {
            /**
             * Format: uuid
             * @description A file of this message.
             */
            attachmentId: string;
        };
        /** @description Which message. */
        RequestReview: {
            /**
             * Format: int64
             * @description A message that is not deleted.
             * @example 1
             */
            messageId: number;
        };
        /** @description What a machine thinks of a message. */
        ReviewAnalysis: {
            /**
             * @description Whether it agrees with the rest of the task: `consistent`, `contradicted`, `unverified`; a model may have other words.
             * @example unverified
             */
            accuracy?: string | null;
            /**
             * @description How fit it is to be said to a colleague: `appropriate`, `questionable`, `inappropriate`; a model may have other words.
             * @example appropriate
             */
            appropriateness?: string | null;
            /** @description What should not stand there. */
            compliance: components["schemas"]["ReviewQuote"][];
            /** @description Whether somebody should look at it soon. */
            escalate: boolean;
            /** @description What the opinion rests on. */
            evidence: components["schemas"]["ReviewQuote"][];
            /** @description Why, as markdown; empty when it has nothing to say. */
            feedback: string;
            /** @description The same as HTML that is safe to show. */
            feedbackHtml: string;
            /** @description Which language model, if one does. */
            model?: string | null;
            /**
             * @description How it sounds: `positive`, `neutral`, `negative`; a model may have other words.
             * @example neutral
             */
            sentiment?: string | null;
            /** @description Who thinks so: `ai` or `built-in`. */
            source: components["schemas"]["SummarySource"];
            /** @description What it would decide. */
            verdict: components["schemas"]["ReviewVerdict"];
        };
        /** @description One review. */
        ReviewAnswer: {
            review: components["schemas"]["QAReview"];
        };
        /** @description What is asked of messages. */
        ReviewGuidance: {
            /**
             * @description As text; empty before anybody has said anything.
             * @example Never promise a date. Amounts are in euros.
             */
            content: string;
            /**
             * Format: date-time
             * @description When.
             */
            updatedAt?: string | null;
            /**
             * Format: int64
             * @description Who changed it last.
             */
            updatedById?: number | null;
            /**
             * Format: int64
             * @description Counts its changes.
             */
            version: number;
        };
        /** @description A page of reviews. */
        ReviewPage: {
            hasMore: boolean;
            /** @description Where the next page begins; null at the end. */
            nextCursor?: string | null;
            reviews: components["schemas"]["QAReview"][];
        };
        /** @description A part of the message that was reviewed. */
        ReviewQuote: {
            /**
             * @description Where they end.
             * @example 31
             */
            end: number;
            /**
             * @description What it is, in a word.
             * @example card
             */
            kind: string;
            /**
             * @description The very words.
             * @example 4111 1111 1111 1111
             */
            quote: string;
            /**
             * @description Where they begin in the message, in UTF-16 code units: `content.slice(start, end)` is the quote.
             * @example 12
             */
            start: number;
        };
        /**
         * @description What people have decided.
         * @enum {string}
         */
        ReviewStatus: "pending" | "approved" | "rejected";
        /**
         * @description What a machine would decide.
         * @enum {string}
         */
        ReviewVerdict: "approve" | "reject";
        /**
         * @description What an account may do in the whole workspace.
         * @enum {string}
         */
        Role: "admin" | "user";
        /** @description What to save. */
        SaveView: {
            /**
             * @description 1 to 100 characters.
             * @example Printers on fire
             */
            name: string;
            /**
             * Format: int64
             * @description Where it stands among yours; last when left out.
             */
            place?: number | null;
            /**
             * @description Parameters of `GET /api/tasks` without `limit`, `cursor` and `page`; and `group`, one of `status`, `priority`,
             *     `assignee` and `none`.
             * @example status=open&tag=printer&sort=-updatedAt
             */
            query: string;
            /** @description Whether everybody is to see it; `false` when left out. */
            shared?: boolean | null;
        };
        /** @description Something that was found. */
        SearchHit: {
            /**
             * Format: date-time
             * @description When the ticket was filed or the message posted.
             */
            createdAt: string;
            kind: components["schemas"]["HitKind"];
            message?: components["schemas"]["FoundMessage"] | null;
            /** @description Of the description or the message: the part where the words are. */
            snippet: components["schemas"]["TextPart"][];
            /**
             * @description How far the ticket has come.
             * @example open
             */
            status: string;
            /**
             * Format: int64
             * @example 1
             */
            taskId: number;
            /** @description What the ticket is called, with the words marked. */
            title: components["schemas"]["TextPart"][];
        };
        /** @description A page of what was found, newest first. */
        SearchPage: {
            hasMore: boolean;
            hits: components["schemas"]["SearchHit"][];
            nextCursor?: string | null;
        };
        /** @description How a service is. */
        ServiceHealth: {
            /** @description Whether this node was told to use it. */
            configured: boolean;
            /** @description What is wrong with it. */
            error?: string | null;
            /** @description Whether it works; false when it is not configured. */
            healthy: boolean;
            /**
             * Format: double
             * @description How long its check took; of `openai`, its last answer.
             */
            latencyMs?: number | null;
        };
        /** @description What this node relies on. */
        Services: {
            database: components["schemas"]["ServiceHealth"];
            openai: components["schemas"]["ServiceHealth"];
            redis: components["schemas"]["ServiceHealth"];
            storage: components["schemas"]["ServiceHealth"];
        };
        /** @description Who becomes the first administrator. */
        SetUp: {
            /**
             * Format: email
             * @example ada@faff.example
             */
            email: string;
            /** @example Ada Lind */
            name: string;
            /**
             * Format: password
             * @example printer on fire 7
             */
            password: string;
            /**
             * @description What the server printed at its start.
             * @example 0123456789abcdef0123456789abcdef
             */
            token: string;
        };
        /** @description Files that are staged. */
        Staged: {
            /** @description Name their ids in a message of the same task within an hour. */
            attachments: components["schemas"]["Attachment"][];
        };
        /**
         * @description How far a task has come.
         * @enum {string}
         */
        Status: "open" | "in_progress" | "resolved" | "closed";
        /** @description How the server is. */
        StatusAnswer: {
            ai: components["schemas"]["AiStatus"];
            database: components["schemas"]["DatabaseStatus"];
            files: components["schemas"]["FilesStatus"];
            jobs: components["schemas"]["JobsStatus"];
            log: components["schemas"]["LogStatus"];
            node: components["schemas"]["NodeStatus"];
            /** Format: date-time */
            now: string;
            /** @description What this node relies on, as `/health` tells it. */
            services: components["schemas"]["Services"];
            /** @description The settings of this node that are in effect, as `faff config check` prints them: without secrets. */
            settings: components["schemas"]["InEffect"][];
            /**
             * Format: date-time
             * @description When this node was started.
             */
            startedAt: string;
            tls?: components["schemas"]["TlsStatus"] | null;
            /**
             * Format: int64
             * @description How long ago that was, in seconds.
             * @example 86400
             */
            uptime: number;
            /** @description Of this program. */
            version: string;
        };
        /** @description What there is of summaries of a task. */
        SummariesAnswer: {
            generated?: components["schemas"]["Summary"] | null;
            job?: components["schemas"]["JobProgress"] | null;
            summary?: components["schemas"]["Summary"] | null;
            written?: components["schemas"]["Summary"] | null;
        };
        /** @description A ticket in short. */
        Summary: {
            /**
             * @description The whole in a few sentences, as markdown.
             * @example The printer on floor 2 burnt. The fan was replaced; the cover is ordered.
             */
            content: string;
            /** @description The same as HTML that is safe to show. */
            contentHtml: string;
            /**
             * Format: date-time
             * @description When there was one first.
             */
            createdAt: string;
            /**
             * Format: int64
             * @description Who wrote it, or asked for it.
             */
            createdById?: number | null;
            /** @description What is named. */
            entities: components["schemas"]["SummaryEntity"][];
            /**
             * Format: int64
             * @description The summary.
             * @example 1
             */
            id: number;
            /** @description What was found out, as plain text. */
            investigation: string;
            /** @description What it is about, as plain text; empty when a person wrote it, or nothing was said of it. */
            issue: string;
            /** @description What matters. */
            keyPoints: components["schemas"]["SummaryPoint"][];
            /** @description Which language model, if one did. */
            model?: string | null;
            /** @description How it stands and what comes next, as plain text. */
            nextSteps: string;
            /** @description Who made it. */
            source: components["schemas"]["SummarySource"];
            /** @description Whether something was said, edited or deleted since, or the title, the description or the status changed. */
            stale: boolean;
            /**
             * Format: int64
             * @description Its task.
             * @example 1
             */
            taskId: number;
            /**
             * Format: date-time
             * @description When it was made last.
             */
            updatedAt: string;
            /**
             * Format: int64
             * @description What happened in the task up to here went into it.
             */
            upToSeq: number;
        };
        /** @description A summary that was written. */
        SummaryAnswer: {
            summary: components["schemas"]["Summary"];
        };
        /** @description Something that is named, and the messages that name it. */
        SummaryEntity: {
            /**
             * @description What it is, in a word: `link`, `email`, `phone`, `ticket`, `money`, `date`, `host`, `version`, or another.
             * @example host
             */
            kind: string;
            /**
             * @description Messages of this task.
             * @example [
             *       3
             *     ]
             */
            messageIds: number[];
            /**
             * @description As it is named, as plain text.
             * @example printer-2.faff.example
             */
            text: string;
        };
        /** @description Something that matters, and the messages that say so. */
        SummaryPoint: {
            /**
             * @description Messages of this task.
             * @example [
             *       3,
             *       7
             *     ]
             */
            messageIds: number[];
            /**
             * @description In a sentence, as plain text.
             * @example The fan was replaced.
             */
            text: string;
        };
        /**
         * @description Who made a summary.
         * @enum {string}
         */
        SummarySource: "ai" | "built-in" | "person";
        /** @description A ticket. */
        Task: {
            assignedTo?: components["schemas"]["UserRef"] | null;
            /**
             * Format: int64
             * @description Who works on it.
             */
            assignedToId?: number | null;
            /**
             * Format: date-time
             * @description When it was filed.
             */
            createdAt: string;
            /** @description Who filed it. */
            createdBy: components["schemas"]["UserRef"];
            /**
             * Format: int64
             * @description Who filed it.
             */
            createdById: number;
            /** @description What it is about, as markdown. */
            description: string;
            /** @description The same as HTML that is safe to show. */
            descriptionHtml: string;
            /**
             * Format: int64
             * @description The ticket.
             * @example 1
             */
            id: number;
            /**
             * Format: date-time
             * @description When the last of them was posted.
             */
            lastMessageAt?: string | null;
            /**
             * Format: int64
             * @description Messages in it that are not deleted.
             */
            messageCount: number;
            /** @description How much it matters. */
            priority: components["schemas"]["Priority"];
            /**
             * Format: date-time
             * @description Since when it is resolved or closed.
             */
            resolvedAt?: string | null;
            /**
             * Format: int64
             * @description The number of its last event.
             */
            seq: number;
            /** @description How far it has come. */
            status: components["schemas"]["Status"];
            /** @description Words to find it by. */
            tags: string[];
            /**
             * @description What it is called.
             * @example Printer on floor 2 is on fire
             */
            title: string;
            /**
             * Format: date-time
             * @description When its fields were changed last.
             */
            updatedAt: string;
            /**
             * Format: int64
             * @description Counts the changes of its fields; send it with a change to be refused if somebody was faster.
             */
            version: number;
            /** @description Whom it exists for. */
            visibility: components["schemas"]["Visibility"];
        };
        /** @description One task. */
        TaskAnswer: {
            task: components["schemas"]["Task"];
        };
        /** @description Something that happened in a task. */
        TaskEvent: {
            actor?: components["schemas"]["UserRef"] | null;
            /**
             * Format: int64
             * @description Who did it.
             */
            actorId?: number | null;
            /** Format: date-time */
            at: string;
            /** @description The particulars: ids, and the changes of fields that hold a closed set of values. */
            data: Record<string, never>;
            /**
             * @description What happened.
             * @example message_posted
             */
            kind: string;
            /**
             * Format: int64
             * @description 1, 2, 3 … without gaps, in the order of commits.
             */
            seq: number;
            /** Format: int64 */
            taskId: number;
        };
        /** @description A page of tasks. */
        TaskPage: components["schemas"]["Counted"] & {
            hasMore: boolean;
            /** @description Where the next page begins; null at the end. */
            nextCursor?: string | null;
            tasks: components["schemas"]["Task"][];
        };
        /** @description A ticket as part of something else. */
        TaskRef: {
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example open */
            status: string;
            /** @example Printer on floor 2 is on fire */
            title: string;
        };
        /** @description A piece of a text. */
        TextPart: {
            /** @description Whether it is what was searched for. */
            match: boolean;
            /** @description As it stands in the text. */
            text: string;
        };
        /** @description A page of a thread. */
        ThreadAnswer: {
            hasMore: boolean;
            nextCursor?: string | null;
            /** @description What began the thread. */
            parentMessage: components["schemas"]["Message"];
            /** @description The answers, in order. */
            replies: components["schemas"]["Message"][];
        };
        /** @description The certificate in use. */
        TlsStatus: {
            /** Format: date-time */
            expiresAt: string;
            /** @description The hosts that it is for. */
            names: string[];
            /** @description Whether its files hold something by now that cannot be used. */
            reloadFailed: boolean;
            subject: string;
        };
        /** @description Files to stage. */
        UploadForm: {
            /** @description 1 to 5 files of at most 10 MiB. */
            files: string[];
            /**
             * Format: int64
             * @description The task that the message will be in.
             * @example 1
             */
            taskId: number;
        };
        /** @description What files may be. */
        Uploads: {
            /**
             * Format: int64
             * @description Bytes of a file, at most.
             * @example 10485760
             */
            maxBytes: number;
            /**
             * @description Files of a message, at most.
             * @example 5
             */
            maxFiles: number;
        };
        /** @description An account, without anything that belongs to its owner alone. */
        User: {
            /** @description Whether it may log in. */
            active: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * @description The canonical e-mail address.
             * @example bo@faff.example
             */
            email: string;
            /**
             * Format: int64
             * @description The account.
             * @example 7
             */
            id: number;
            /**
             * @description The name that others see.
             * @example Bo Ek
             */
            name: string;
            /** @description What the account may do. */
            role: components["schemas"]["Role"];
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            updatedAt: string;
        };
        /** @description One account. */
        UserAnswer: {
            user: components["schemas"]["User"];
        };
        /** @description A person as part of something else. */
        UserRef: {
            /**
             * @description The canonical e-mail address.
             * @example bo@faff.example
             */
            email: string;
            /**
             * Format: int64
             * @description The account.
             * @example 7
             */
            id: number;
            /**
             * @description The name that others see.
             * @example Bo Ek
             */
            name: string;
        };
        /** @description A list of tickets that somebody has saved. */
        View: {
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: int64
             * @example 1
             */
            id: number;
            /** @example Printers on fire */
            name: string;
            owner: components["schemas"]["UserRef"];
            /** Format: int64 */
            ownerId: number;
            /**
             * Format: int64
             * @description Where it stands among its owner's.
             */
            place: number;
            /**
             * @description Parameters of `GET /api/tasks`, and `group`.
             * @example status=open&tag=printer&sort=-updatedAt&group=priority
             */
            query: string;
            /** @description Whether everybody sees it. */
            shared: boolean;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description One view. */
        ViewAnswer: {
            view: components["schemas"]["View"];
        };
        /** @description A page of views, in the order in which they were made. */
        ViewPage: {
            hasMore: boolean;
            nextCursor?: string | null;
            views: components["schemas"]["View"][];
        };
        /**
         * @description Whom a task exists for.
         * @enum {string}
         */
        Visibility: "team" | "private";
        /** @description What a task comes to. */
        WriteSummary: {
            /**
             * @description 1 to 20,000 characters of markdown.
             * @example The fan is replaced; the **cover** is ordered.
             */
            content: string;
            /**
             * Format: int64
             * @description The task.
             * @example 1
             */
            taskId: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
