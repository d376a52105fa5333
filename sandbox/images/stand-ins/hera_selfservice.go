package main

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
)

// submit answers a Kratos flow of the API kind; an empty flow id starts a new one.
func submit(r *http.Request, kind, flow string, body, answer any) (int, error) {
	if flow == "" {
		var started struct{ ID string }
		status, err := call(r, "GET", kratos+"/self-service/"+kind+"/api", nil, &started)
		if err != nil {
			return status, err
		}
		if started.ID == "" {
			return status, fmt.Errorf("kratos answered %d and started no %s flow", status, kind)
		}
		flow = started.ID
	}
	return call(r, "POST", kratos+"/self-service/"+kind+"?flow="+url.QueryEscape(flow), body, answer)
}

// step is a page with one form that answers one Kratos flow.
type step struct {
	kind, title string
	fields      []string
	body        func(*http.Request) map[string]any
	// done is shown when the flow went well and Kratos names no page to go on to.
	done string
}

var steps = []step{
	{"registration", "Register", []string{"email", "password"}, func(r *http.Request) map[string]any {
		return map[string]any{"method": "password", "password": r.FormValue("password"),
			"traits": map[string]string{"email": r.FormValue("email")}}
	}, "Your account exists."},
	{"recovery", "Recover", []string{"email"}, func(r *http.Request) map[string]any {
		return map[string]any{"method": "code", "email": r.FormValue("email")}
	}, "A code was sent, if the address is known."},
	{"verification", "Verify", []string{"code"}, func(r *http.Request) map[string]any {
		return map[string]any{"method": "code", "code": r.FormValue("code")}
	}, "Your address is verified."},
}

func selfService(mux *http.ServeMux) {
	for _, s := range steps {
		mux.HandleFunc("GET /"+s.kind, func(w http.ResponseWriter, r *http.Request) {
			s.form(w, http.StatusOK, r.URL.Query().Get("flow"), "")
		})
		mux.HandleFunc("POST /"+s.kind, s.answer)
	}
}

func (s step) form(w http.ResponseWriter, status int, flow, message string) {
	inputs := ""
	for _, field := range s.fields {
		kind := map[string]string{"email": "email", "password": "password"}[field]
		inputs += fmt.Sprintf(`<label>%s <input name="%s" type="%s" required></label>`, field, field, kind)
	}
	page(w, status, s.title, fmt.Sprintf(`<p>%s</p><form method="post" action="/%s">
<input type="hidden" name="flow" value="%s">%s<button>%s</button></form>`,
		html.EscapeString(message), s.kind, html.EscapeString(flow), inputs, s.title))
}

func (s step) answer(w http.ResponseWriter, r *http.Request) {
	flow := r.FormValue("flow")
	if s.kind == "verification" && flow == "" {
		failed(w, http.StatusBadRequest, errors.New("a verification needs its flow"))
		return
	}
	var answer struct {
		State        string
		ContinueWith []struct {
			Flow struct{ ID string }
		} `json:"continue_with"`
	}
	status, err := submit(r, s.kind, flow, s.body(r), &answer)
	if err != nil {
		failed(w, http.StatusBadGateway, err)
		return
	}
	if status != http.StatusOK || (s.kind == "verification" && answer.State != "passed_challenge") {
		s.form(w, http.StatusBadRequest, flow, "That was not accepted.")
		return
	}
	for _, next := range answer.ContinueWith {
		if next.Flow.ID != "" {
			http.Redirect(w, r, "/verification?flow="+url.QueryEscape(next.Flow.ID), http.StatusSeeOther)
			return
		}
	}
	page(w, http.StatusOK, s.title, "<p>"+s.done+"</p>")
}
