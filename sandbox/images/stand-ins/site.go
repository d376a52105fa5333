package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// key signs the state of logins under way; a restart ends them.
var key = random()

func site() http.Handler {
	public := required("NEXT_PUBLIC_APP_URL")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", health)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		page(w, http.StatusOK, "Olympus", `<p><a href="/login/ciam">Customers</a> <a href="/login/iam">Employees</a></p>`)
	})
	for _, domain := range []string{"ciam", "iam"} {
		prefix := strings.ToUpper(domain)
		public := public + "/callback/" + domain
		internal, external := required(prefix+"_HYDRA_PUBLIC_URL"), required("NEXT_PUBLIC_"+prefix+"_HYDRA_URL")
		id, secret := required(prefix+"_CLIENT_ID"), required(prefix+"_CLIENT_SECRET")
		mux.HandleFunc("GET /login/"+domain, func(w http.ResponseWriter, r *http.Request) {
			state := random()
			setCookie(w, key, "site_"+domain, state, 10*time.Minute)
			query := url.Values{"client_id": {id}, "response_type": {"code"}, "scope": {"openid profile email"},
				"redirect_uri": {public}, "state": {state}}
			http.Redirect(w, r, external+"/oauth2/auth?"+query.Encode(), http.StatusFound)
		})
		mux.HandleFunc("GET /callback/"+domain, func(w http.ResponseWriter, r *http.Request) {
			var state string
			if !cookie(r, key, "site_"+domain, &state) || state != r.URL.Query().Get("state") {
				failed(w, http.StatusBadRequest, errors.New("this login was not started here, or is over"))
				return
			}
			clearCookie(w, "site_"+domain)
			granted, err := tokens(r, internal, id, secret, url.Values{"grant_type": {"authorization_code"},
				"code": {r.URL.Query().Get("code")}, "redirect_uri": {public}})
			if err != nil {
				failed(w, http.StatusBadGateway, err)
				return
			}
			page(w, http.StatusOK, "Logged in", fmt.Sprintf("<p>Token type %v, scope %v.</p>", granted["token_type"], granted["scope"]))
		})
	}
	return mux
}
